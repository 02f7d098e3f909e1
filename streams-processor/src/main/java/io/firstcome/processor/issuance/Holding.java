package io.firstcome.processor.issuance;

import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.RequestId;

/**
 * One coupon that was issued to a user.
 *
 * @param requestId the claim that was issued
 * @param sequence the place in the order of issues, from 1
 * @param issuedAt when the coupon was issued, by the coupon's monotone clock
 * @param revocation how the coupon was revoked; empty while the user holds the coupon
 */
public record Holding(RequestId requestId, long sequence, Instant issuedAt, Optional<Revocation> revocation) {

    /**
     * The end of a holding.
     *
     * @param requestId the command that revoked the coupon
     * @param revokedAt when the coupon was revoked, by the coupon's monotone clock
     */
    public record Revocation(RequestId requestId, Instant revokedAt) {}

    /** A coupon that the user holds. */
    public Holding(RequestId requestId, long sequence, Instant issuedAt) {
        this(requestId, sequence, issuedAt, Optional.empty());
    }

    static Holding of(CouponIssued issued) {
        return new Holding(issued.requestId(), issued.sequence(), issued.issuedAt());
    }

    /** Whether the coupon has not been revoked. */
    public boolean isHeld() {
        return revocation.isEmpty();
    }

    Holding after(IssueRevoked revoked) {
        return isHeld()
                ? new Holding(requestId, sequence, issuedAt,
                        Optional.of(new Revocation(revoked.requestId(), revoked.revokedAt())))
                : this;
    }
}
