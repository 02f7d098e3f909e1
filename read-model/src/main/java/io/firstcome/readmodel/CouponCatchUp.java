package io.firstcome.readmodel;

import java.time.Duration;

import io.firstcome.contract.id.CouponId;

/**
 * How far the records about one coupon have been read: those of its partition of each topic. The trouble of another
 * partition does not count.
 */
public interface CouponCatchUp {

    /** Whether everything about the coupon has been read that was committed within the last fifteen seconds. */
    boolean isCurrent(CouponId couponId);

    /**
     * Whether everything about the coupon has been read that was committed at this moment, a value of
     * {@link System#nanoTime}. While the answer is no, Kafka is asked, so that a later call soon returns true.
     */
    boolean isReadSince(CouponId couponId, long moment);

    /**
     * Waits until everything about the coupon has been read that was committed at this moment.
     *
     * @return false when this was not so within the timeout, or at once when too many callers wait already
     */
    boolean awaitReadSince(CouponId couponId, long moment, Duration timeout) throws InterruptedException;
}
