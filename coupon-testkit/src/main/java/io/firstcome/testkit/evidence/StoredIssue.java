package io.firstcome.testkit.evidence;

import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * A row of {@code issued_coupons}.
 *
 * @param nth which of the user's issues of the coupon this is, from 1
 * @param revokedAt empty while the user holds the coupon
 */
public record StoredIssue(CouponId couponId, UserId userId, long sequence, RequestId requestId, Instant issuedAt,
        int nth, Optional<Instant> revokedAt) {

    /** The user's first issue of the coupon, not revoked. */
    public StoredIssue(CouponId couponId, UserId userId, long sequence, RequestId requestId, Instant issuedAt) {
        this(couponId, userId, sequence, requestId, issuedAt, 1, Optional.empty());
    }
}
