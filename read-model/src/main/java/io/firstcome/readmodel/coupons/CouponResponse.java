package io.firstcome.readmodel.coupons;

import java.time.Instant;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;

/**
 * The JSON form of a coupon in HTTP answers and in events.
 *
 * @param issued the number of coupons issued, revoked ones included
 * @param remaining the stock minus the coupons that users hold
 */
public record CouponResponse(
        CouponId couponId,
        String name,
        CouponStatus status,
        long stock,
        long issued,
        long revoked,
        long remaining,
        int perUser,
        boolean reclaim,
        Instant opensAt,
        Instant closesAt,
        long version) {

    /** The JSON form of a state. */
    public static CouponResponse of(CouponState state) {
        var definition = state.definition();
        return new CouponResponse(state.couponId(), definition.name(), state.status(), definition.stock(),
                state.issued(), state.revoked(), state.remaining(), definition.perUser(), definition.reclaim(),
                definition.opensAt(), definition.closesAt(), state.version());
    }
}
