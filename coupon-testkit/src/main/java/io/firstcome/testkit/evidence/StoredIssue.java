package io.firstcome.testkit.evidence;

import java.time.Instant;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/** A row of {@code issued_coupons}. */
public record StoredIssue(CouponId couponId, UserId userId, long sequence, RequestId requestId, Instant issuedAt) {}
