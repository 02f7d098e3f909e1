package io.firstcome.readmodel;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.ToIntFunction;

import io.firstcome.contract.id.CouponId;
import io.firstcome.readmodel.tail.TopicTail;

/** How far the partition of a coupon has been read in several topics together. */
final class PartitionCatchUp implements CouponCatchUp {

    /**
     * Callers who ask for what does not exist can make each query wait while brokers are slow. They must not take the
     * places of claims, nor wake up by the thousand.
     */
    static final int MAX_WAITERS = 128;

    private final ToIntFunction<CouponId> partitionOf;
    private final List<Topic> topics;
    private final Semaphore waiters = new Semaphore(MAX_WAITERS);

    /** How far one topic has been read, by partition. */
    interface Topic {

        boolean isCurrent(int partition);

        boolean isReadSince(int partition, long moment);
    }

    PartitionCatchUp(ToIntFunction<CouponId> partitionOf, List<Topic> topics) {
        this.partitionOf = partitionOf;
        this.topics = List.copyOf(topics);
    }

    static CouponCatchUp of(ToIntFunction<CouponId> partitionOf, List<TopicTail<?>> tails) {
        return new PartitionCatchUp(partitionOf, tails.stream().map(PartitionCatchUp::topic).toList());
    }

    private static Topic topic(TopicTail<?> tail) {
        return new Topic() {

            @Override
            public boolean isCurrent(int partition) {
                return tail.isCurrent(partition);
            }

            @Override
            public boolean isReadSince(int partition, long moment) {
                return tail.isReadSince(partition, moment);
            }
        };
    }

    @Override
    public boolean isCurrent(CouponId couponId) {
        int partition = partitionOf.applyAsInt(couponId);
        for (Topic topic : topics) {
            if (!topic.isCurrent(partition)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean isReadSince(CouponId couponId, long moment) {
        int partition = partitionOf.applyAsInt(couponId);
        boolean read = true;
        // Every topic, so that Kafka is asked for all of them at once.
        for (Topic topic : topics) {
            read &= topic.isReadSince(partition, moment);
        }
        return read;
    }

    @Override
    public boolean awaitReadSince(CouponId couponId, long moment, Duration timeout) throws InterruptedException {
        if (isReadSince(couponId, moment)) {
            return true;
        }
        if (!waiters.tryAcquire()) {
            return false;
        }
        try {
            long deadline = System.nanoTime() + timeout.toNanos();
            while (System.nanoTime() - deadline < 0) {
                // An answer of Kafka takes milliseconds, and only callers wait who would be refused otherwise.
                TimeUnit.MILLISECONDS.sleep(5);
                if (isReadSince(couponId, moment)) {
                    return true;
                }
            }
            return false;
        } finally {
            waiters.release();
        }
    }
}
