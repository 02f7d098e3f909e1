package io.firstcome.readmodel.coupons;

import java.time.Instant;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;

/** The JSON form of a coupon in HTTP answers and in events. */
public record CouponResponse(
        CouponId couponId,
        String name,
        CouponStatus status,
        long stock,
        long issued,
        long remaining,
        Instant opensAt,
        Instant closesAt,
        long version) {

    /** The JSON form of a state. */
    public static CouponResponse of(CouponState state) {
        var definition = state.definition();
        return new CouponResponse(state.couponId(), definition.name(), state.status(), definition.stock(),
                state.issued(),
                state.remaining(), definition.opensAt(), definition.closesAt(), state.version());
    }
}
