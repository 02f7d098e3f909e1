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
 * @param arrivedNanos when the claim arrived, by {@link System#nanoTime()}
 */
record Claim(IssueCoupon command, boolean hasKey, Duration maxWait, long arrivedNanos) {

    /** What is left of {@link #maxWait}; zero when nothing is. */
    Duration waitLeft() {
        Duration left = maxWait.minusNanos(System.nanoTime() - arrivedNanos);
        return left.isNegative() ? Duration.ZERO : left;
    }

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
