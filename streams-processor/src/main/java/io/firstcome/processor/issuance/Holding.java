package io.firstcome.processor.issuance;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;

/**
 * What one user holds of one coupon.
 *
 * @param requestId the request that won it
 * @param sequence the place in the line, from 1
 * @param issuedAt when it was decided, in the coupon's time
 */
public record Holding(RequestId requestId, long sequence, Instant issuedAt) {

    static Holding of(CouponIssued issued) {
        return new Holding(issued.requestId(), issued.sequence(), issued.issuedAt());
    }
}
