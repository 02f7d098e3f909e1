package io.firstcome.processor.query;

import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.processor.topology.CouponStoreView;

/** Who can say where a coupon stands at the moment. */
sealed interface Owner {

    /** This instance. */
    record Here(CouponStoreView view) implements Owner {}

    /** Another instance, by its own account of how it is reached. */
    record Elsewhere(HostInfo host) implements Owner {}

    /** Nobody until the stores have been handed out; {@code why} is for people. */
    record Unknown(String why) implements Owner {}
}
