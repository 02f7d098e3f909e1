package io.firstcome.processor.continuity;

import io.firstcome.contract.id.CouponId;

/**
 * State or commands are missing, and a decision without them could issue a coupon twice or lose a claim. The message is
 * one line for operators: what is missing, and what to do.
 */
public final class LostState extends RuntimeException {

    private static final long serialVersionUID = 1;

    LostState(String message) {
        super(message);
    }

    /** Holders are stored of a coupon that is not: its count is lost, and its stock must not be issued again. */
    public static LostState holdersWithoutCoupon(CouponId couponId) {
        return new LostState("coupon " + couponId
                + " is defined as new, but the stores have holders of it. The authority"
                + " stops, because it would issue the stock again. Restore the changelogs of the stores coupons and"
                + " issued-counts, or use another coupon id.");
    }
}
