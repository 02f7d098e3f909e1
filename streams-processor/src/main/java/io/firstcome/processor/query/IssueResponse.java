package io.firstcome.processor.query;

import java.time.Instant;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Holding;

/**
 * The coupon that a user holds.
 *
 * @param sequence the user's place in the order of issues, from 1
 * @param requestId the claim that was issued
 * @param issuedAt when the authority issued the coupon, in whole milliseconds
 */
record IssueResponse(CouponId couponId, UserId userId, long sequence, RequestId requestId, Instant issuedAt) {

    static IssueResponse of(CouponId couponId, UserId userId, Holding held) {
        return new IssueResponse(couponId, userId, held.sequence(), held.requestId(), held.issuedAt());
    }
}
