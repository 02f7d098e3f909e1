package io.firstcome.testkit.evidence;

import io.firstcome.contract.CouponOutcome;

/** A committed record of {@code coupon-outcomes}. */
public record LoggedOutcome(int partition, long offset, CouponOutcome outcome) {}
