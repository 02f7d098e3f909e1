package io.firstcome.processor.query;

import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.processor.topology.CouponStoreView;

/** The instance that currently holds a coupon's stores. */
sealed interface Owner {

    /** This instance, with its stores. */
    record Local(CouponStoreView view) implements Owner {}

    /** Another instance, by its {@code application.server}. */
    record Remote(HostInfo host) implements Owner {}

    /**
     * No instance is known, for example during a rebalance.
     *
     * @param reason one sentence for the caller
     */
    record Unknown(String reason) implements Owner {}
}
