package io.firstcome.ingress.http;

import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;

/** The problems of routes that answer from the read model. */
public final class Problems {

    private Problems() {}

    /** 404 for a coupon that was not found, or 503 while the read model may lack it. */
    public static Problem missingCoupon(CouponId couponId, boolean readModelIsCurrent) {
        return (readModelIsCurrent ? Problem.of(ProblemType.UNKNOWN_COUPON) : notCurrent()).with("couponId", couponId);
    }

    /** 503 while the read model lacks recent records. */
    public static Problem notCurrent() {
        return Problem.unavailable(
                "This instance has not read the latest records: it is starting, or the brokers do not answer.");
    }
}
