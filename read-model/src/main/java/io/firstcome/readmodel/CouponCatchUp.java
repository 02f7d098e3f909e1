package io.firstcome.readmodel;

import java.time.Duration;

import io.firstcome.contract.id.CouponId;

/**
 * Tells whether this ingress has read the records about one coupon: those in the coupon's partition of each topic.
 * Other partitions do not matter, also when they cannot be read.
 */
public interface CouponCatchUp {

    /** Whether everything about the coupon has been read that was committed within the last fifteen seconds. */
    boolean isCurrent(CouponId couponId);

    /**
     * Whether everything about the coupon has been read that was committed at this moment, a value of
     * {@link System#nanoTime}. A call that returns false asks Kafka for the end offsets, so that a later call
     * soon returns true.
     */
    boolean isReadSince(CouponId couponId, long moment);

    /**
     * Waits until everything about the coupon has been read that was committed at this moment.
     *
     * @return false when this was not so within the timeout, or at once when too many callers wait already
     */
    boolean awaitReadSince(CouponId couponId, long moment, Duration timeout) throws InterruptedException;
}
