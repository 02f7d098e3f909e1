package io.firstcome.testkit.evidence;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;

/** A row of {@code coupons}: the columns that are compared with the log. */
public record StoredCoupon(CouponId couponId, long stock, long issuedQuantity, CouponStatus status,
        long revokedQuantity, int perUser, boolean reclaim) {

    /** A coupon of which each user may hold one, and of which none was revoked. */
    public StoredCoupon(CouponId couponId, long stock, long issuedQuantity, CouponStatus status) {
        this(couponId, stock, issuedQuantity, status, 0, 1, true);
    }
}
