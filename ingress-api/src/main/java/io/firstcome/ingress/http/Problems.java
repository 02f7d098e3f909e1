package io.firstcome.ingress.http;

import java.util.List;

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

    /** 503: more at once than there is room for; nothing was taken. */
    public static Problem overloaded() {
        return Problem.of("overloaded", 503, "Too many claims at once.", "The claim was not taken. Ask again.");
    }

    /** 503: the request may take effect or not. */
    public static Problem outcomeUnknown() {
        return Problem.of("outcome-unknown", 503, "The outcome is not known.",
                "The request may have taken effect or may yet. Sending it again with this requestId as"
                        + " Idempotency-Key is safe; with another it is not.");
    }
}
