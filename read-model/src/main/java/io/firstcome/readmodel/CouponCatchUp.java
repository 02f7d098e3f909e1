package io.firstcome.readmodel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import io.firstcome.contract.id.CouponId;
import io.firstcome.readmodel.tail.TopicTail;

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
     * @return false when this was not so within the timeout
     */
    default boolean awaitReadSince(CouponId couponId, long moment, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (!isReadSince(couponId, moment)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            // An answer of Kafka takes milliseconds, and only callers wait who would be refused otherwise.
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return true;
    }

    /** The status of a coupon's partition in several topics together. */
    static CouponCatchUp of(ToIntFunction<CouponId> partitionOf, List<TopicTail<?>> tails) {
        return new CouponCatchUp() {

            @Override
            public boolean isCurrent(CouponId couponId) {
                int partition = partitionOf.applyAsInt(couponId);
                return tails.stream().allMatch(tail -> tail.isCurrent(partition));
            }

            @Override
            public boolean isReadSince(CouponId couponId, long moment) {
                int partition = partitionOf.applyAsInt(couponId);
                boolean read = true;
                // Every tail, so that all topics are asked at once.
                for (TopicTail<?> tail : tails) {
                    read &= tail.isReadSince(partition, moment);
                }
                return read;
            }
        };
    }
}
