package io.firstcome.processor.issuance;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.RequestId;

/**
 * The coupon that one user holds.
 *
 * @param requestId the claim that was issued
 * @param sequence the user's place in the order of issues, from 1
 * @param issuedAt when the coupon was issued, by the coupon's monotone clock
 */
public record Holding(RequestId requestId, long sequence, Instant issuedAt) {

    static Holding of(CouponIssued issued) {
        return new Holding(issued.requestId(), issued.sequence(), issued.issuedAt());
    }
}
