package io.firstcome.testkit.evidence;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponStatus;

/** What a row of {@code coupons} says about stock and status. */
public record StoredCoupon(CouponId couponId, long stock, long issuedQuantity, CouponStatus status) {}
