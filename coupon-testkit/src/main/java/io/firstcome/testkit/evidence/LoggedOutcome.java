package io.firstcome.testkit.evidence;

import io.firstcome.contract.CouponOutcome;

/** A committed decision at its place in {@code coupon-outcomes}. */
public record LoggedOutcome(int partition, long offset, CouponOutcome outcome) {}
