package io.firstcome.testkit.evidence;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponStatus;

/** A row of {@code coupons}: the columns that are compared with the log. */
public record StoredCoupon(CouponId couponId, long stock, long issuedQuantity, CouponStatus status) {}
