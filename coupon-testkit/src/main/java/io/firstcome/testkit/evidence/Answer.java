package io.firstcome.testkit.evidence;

import java.time.Instant;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/**
 * One HTTP answer as its client saw it, to a request to issue or to a later look-up of it.
 *
 * @param requestId the id of the request that was sent or looked up (where the server made it: the id in the answer)
 * @param sentAt the client's clock before it sent; no decision behind this answer was made later than it was received
 * @param receivedAt the client's clock when the answer was there
 */
public record Answer(
        RequestId requestId,
        CouponId couponId,
        UserId userId,
        Reply reply,
        Instant sentAt,
        Instant receivedAt) {}
