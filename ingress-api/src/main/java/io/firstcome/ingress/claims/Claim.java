package io.firstcome.ingress.claims;

import java.time.Duration;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/**
 * What a caller asks for.
 *
 * @param named whether the caller chose the requestId, so that it may have been sent before
 * @param patience how long the caller would wait for the decision; zero for not at all
 */
record Claim(IssueCoupon command, boolean named, Duration patience) {

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
