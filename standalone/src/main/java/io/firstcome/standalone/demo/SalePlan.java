package io.firstcome.standalone.demo;

import java.time.Duration;

import io.firstcome.contract.CouponId;

/**
 * One flash sale.
 *
 * @param couponId the coupon
 * @param crowd what the users' names begin with
 * @param users how many people press the button
 * @param impatient how many of them press it twice at once, which makes two requests
 * @param stock how many coupons there are
 * @param connections how many of them are on the line at the same moment
 * @param pause the mean time between an answer that is not final and the next attempt
 */
public record SalePlan(CouponId couponId, String crowd, int users, int impatient, int stock, int connections,
        Duration pause) {

    /** What the services ask for with {@code Retry-After: 1}. */
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(1);

    /** Everybody presses once. */
    public static SalePlan of(CouponId couponId, int users, int stock, int connections) {
        return new SalePlan(couponId, "user", users, 0, stock, connections, USUAL_PAUSE);
    }

    /** The same with other people. */
    public SalePlan by(String otherCrowd) {
        return new SalePlan(couponId, otherCrowd, users, impatient, stock, connections, pause);
    }

    /** The same with the first few pressing twice. */
    public SalePlan withImpatient(int pressTwice) {
        return new SalePlan(couponId, crowd, users, pressTwice, stock, connections, pause);
    }

    /** The same with people who try again after another time. */
    public SalePlan retryingAfter(Duration otherPause) {
        return new SalePlan(couponId, crowd, users, impatient, stock, connections, otherPause);
    }
}
