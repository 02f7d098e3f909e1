package io.firstcome.testkit.log;

import io.firstcome.contract.CouponOutcome;

/** A committed record of {@code coupon-outcomes}. */
public record LoggedOutcome(int partition, long offset, CouponOutcome outcome) {}
