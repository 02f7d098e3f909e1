package io.firstcome.testkit.evidence;

import java.time.Instant;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * One HTTP answer as the client saw it, to a claim or to a later query of the request's status.
 *
 * @param requestId the id of the claim; when the server generated the id, the id from the answer
 * @param sentAt the client's clock before it sent the request
 * @param receivedAt the client's clock after it received the answer
 */
public record Answer(
        RequestId requestId,
        CouponId couponId,
        UserId userId,
        Reply reply,
        Instant sentAt,
        Instant receivedAt) {}
