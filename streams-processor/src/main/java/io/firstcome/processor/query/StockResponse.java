package io.firstcome.processor.query;

import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;

/**
 * A coupon's state in the authority's stores.
 *
 * @param host the instance that read its stores, as {@code host:port}
 */
record StockResponse(CouponId couponId, long stock, long issued, long revoked, long remaining, CouponStatus status,
        long version,
        String host) {

    static StockResponse of(CouponState state, HostInfo host) {
        return new StockResponse(state.couponId(), state.definition().stock(), state.issued(), state.revoked(),
                state.remaining(),
                state.status(), state.version(), host.host() + ":" + host.port());
    }
}
