package io.firstcome.ingress.http;

import java.util.List;

import io.firstcome.contract.CouponId;
import io.firstcome.kit.http.Problem;

/** The problems that more than one feature answers with. */
public final class Problems {

    private Problems() {}

    /** 404: no coupon of that name is defined. */
    public static Problem unknownCoupon() {
        return Problem.of("unknown-coupon", 404, "No such coupon.", "No coupon of that name has been defined.");
    }

    /** 429: more than the limit of that name allows; nothing was taken. */
    public static Problem rateLimited(String limit) {
        return Problem.of("rate-limited", 429, "Too many requests.",
                "The request was not taken. Ask again after the time in Retry-After, with the same Idempotency-Key if"
                        + " there was one: it stays valid.")
                .with("violated-policies", List.of(limit));
    }

    /** 503: more claims at once than there is room for; nothing was taken. */
    public static Problem overloaded() {
        return overloaded("The claim was not taken. Ask again.");
    }

    /** 503: more at once than there is room for. */
    public static Problem overloaded(String detail) {
        return Problem.of("overloaded", 503, "Too much at once.", detail);
    }

    /** 404 for a coupon that was not found; 503 when it may yet be read of. */
    public static Problem missingCoupon(CouponId couponId, boolean allWereRead) {
        return (allWereRead ? unknownCoupon() : stillReading()).with("couponId", couponId);
    }

    /** 503: the coupons are not all known yet. */
    public static Problem stillReading() {
        return Problem
                .unavailable("This instance has not read up to now: it is starting, or brokers do not answer it.");
    }

    /** 503: the request may take effect or not. */
    public static Problem outcomeUnknown() {
        return Problem.of("outcome-unknown", 503, "The outcome is not known.",
                "The request may have taken effect or may yet. Sending it again with this requestId as"
                        + " Idempotency-Key is safe; with another it is not.");
    }
}
