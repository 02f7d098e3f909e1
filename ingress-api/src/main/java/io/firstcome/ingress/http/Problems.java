package io.firstcome.ingress.http;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.CouponLookup.Result.Known;
import io.firstcome.readmodel.CouponLookup.Result.NotCurrent;
import io.firstcome.readmodel.CouponLookup.Result.Undefined;

/** The problems of routes that answer from the read model. */
public final class Problems {

    private Problems() {}

    /**
     * The state of a coupon.
     *
     * @throws ProblemException 404 for a coupon that was not defined, 503 while the read model may lack its latest
     *     records
     */
    public static CouponState requireCoupon(CouponLookup coupons, CouponId couponId) throws InterruptedException {
        return switch (coupons.find(couponId)) {
            case Known(var state) -> state;
            case Undefined _ ->
                throw new ProblemException(Problem.of(ProblemType.UNKNOWN_COUPON).with("couponId", couponId));
            case NotCurrent _ -> throw new ProblemException(notCurrent().with("couponId", couponId));
        };
    }

    /** 503 while the read model lacks recent records. */
    public static Problem notCurrent() {
        return Problem.unavailable(
                "This instance has not read the latest records: it is starting, or the brokers do not answer.");
    }
}
