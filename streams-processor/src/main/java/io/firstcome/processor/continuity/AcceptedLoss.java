package io.firstcome.processor.continuity;

import java.util.Set;

import io.firstcome.contract.id.CouponId;

/**
 * What an operator declares lost, so that the authority continues without it.
 *
 * @param coupons coupons whose issues may be missing. Their counts continue from {@code coupon-states} and
 *     {@code coupon-outcomes}; users whose issue is missing may claim again
 * @param commandsOf the id of {@code coupon-commands} of which commands may be missing; empty for none
 */
public record AcceptedLoss(Set<CouponId> coupons, String commandsOf) {

    /** Nothing is accepted. */
    public static final AcceptedLoss NONE = new AcceptedLoss(Set.of(), "");

    public AcceptedLoss {
        coupons = Set.copyOf(coupons);
    }
}
