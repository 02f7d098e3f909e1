package io.firstcome.processor.query;

import java.time.Instant;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.processor.issuance.Holding;

/**
 * What a user holds of a coupon.
 *
 * @param sequence the place in the line, from 1
 * @param requestId the request that won it
 */
record IssueResponse(CouponId couponId, UserId userId, long sequence, RequestId requestId, Instant issuedAt) {

    static IssueResponse of(CouponId couponId, UserId userId, Holding held) {
        return new IssueResponse(couponId, userId, held.sequence(), held.requestId(), held.issuedAt());
    }
}
