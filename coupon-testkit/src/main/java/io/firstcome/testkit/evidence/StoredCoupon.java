package io.firstcome.testkit.evidence;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;

/** A row of {@code coupons}: the columns that are compared with the log. */
public record StoredCoupon(CouponId couponId, long stock, long issuedQuantity, CouponStatus status) {}
