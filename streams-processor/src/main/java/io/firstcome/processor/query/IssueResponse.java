package io.firstcome.processor.query;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Holding;

/**
 * What a user holds of a coupon.
 *
 * @param sequence the place of the first held coupon in the order of issues, from 1
 * @param requestId the claim that was issued
 * @param issuedAt when the authority issued the coupon, in whole milliseconds
 * @param issues each held coupon, in the order of issues; null, and absent from the JSON, when the user holds one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record IssueResponse(CouponId couponId, UserId userId, long sequence, RequestId requestId, Instant issuedAt,
        List<Issue> issues) {

    /** One of several coupons that the user holds. */
    record Issue(long sequence, RequestId requestId, Instant issuedAt) {}

    /** @param held what the user holds; at least one */
    static IssueResponse of(CouponId couponId, UserId userId, List<Holding> held) {
        Holding first = held.getFirst();
        List<Issue> issues = held.stream()
                .map(each -> new Issue(each.sequence(), each.requestId(), each.issuedAt())).toList();
        return new IssueResponse(couponId, userId, first.sequence(), first.requestId(), first.issuedAt(),
                issues.size() == 1 ? null : issues);
    }
}
