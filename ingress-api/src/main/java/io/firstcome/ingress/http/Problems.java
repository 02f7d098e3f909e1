package io.firstcome.ingress.http;

import io.firstcome.kit.http.Problem;

/** The problems that more than one feature answers with. */
public final class Problems {

    private Problems() {}

    /** 404: no coupon of that name is defined. */
    public static Problem unknownCoupon() {
        return Problem.of("unknown-coupon", 404, "No such coupon.", "No coupon of that name has been defined.");
    }

    /** 503: the request may take effect or not. */
    public static Problem outcomeUnknown() {
        return Problem.of("outcome-unknown", 503, "The outcome is not known.",
                "The request may have taken effect or may yet. Sending it again with this requestId as"
                        + " Idempotency-Key is safe; with another it is not.");
    }
}
