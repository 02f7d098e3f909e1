package io.firstcome.ingress.claims;

import java.time.Duration;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * A user's request to be issued a coupon.
 *
 * @param hasKey whether the requestId is the caller's Idempotency-Key, so that the claim may have been sent before
 * @param maxWait how long the caller waits for the decision at most; zero for not at all
 */
record Claim(IssueCoupon command, boolean hasKey, Duration maxWait) {

    CouponId couponId() {
        return command.couponId();
    }

    RequestId requestId() {
        return command.requestId();
    }

    UserId userId() {
        return command.userId();
    }
}
