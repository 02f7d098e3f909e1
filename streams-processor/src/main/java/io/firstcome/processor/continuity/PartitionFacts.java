package io.firstcome.processor.continuity;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/** What Kafka has of one partition now. Each method asks the brokers and blocks until they answer. */
public interface PartitionFacts {

    /**
     * A committed state of a coupon.
     *
     * @param publishedAt the time of its record
     */
    record PublishedState(CouponState state, Instant publishedAt) {}

    /** The id of {@code coupon-commands}. */
    String commandsTopicId();

    /** The offset of the first command that the partition still has, or of the next one if it has none. */
    long firstCommand(int partition);

    /** The offset of the next command that will be appended to the partition. */
    long endOfCommands(int partition);

    /**
     * The offset that the authority's group has committed, from which Kafka Streams goes on; empty when the group has
     * none.
     */
    OptionalLong groupOffset(int partition);

    /**
     * The offset of the first command at or after {@code from}, which may be higher than {@code from} because of the
     * markers of transactions.
     *
     * @param from at least {@link #firstCommand}
     * @param to where the search ends
     * @return empty when there is no command from {@code from} to {@code to}, without {@code to}
     */
    OptionalLong commandBetween(int partition, long from, long to);

    /** The latest state of each coupon in {@code coupon-states}, up to the end of the partition. */
    Collection<PublishedState> publishedStates(int partition);

    /**
     * The greatest sequence of a coupon in {@code coupon-outcomes}; 0 when the topic has no issue of the coupon any
     * more. Only for coupons whose loss an operator has accepted.
     */
    long lastSequence(int partition, CouponId couponId);

    /** A log that has never been written, for tests and documents. */
    static PartitionFacts ofNewLog() {
        return new PartitionFacts() {

            @Override
            public String commandsTopicId() {
                return "new";
            }

            @Override
            public long firstCommand(int partition) {
                return 0;
            }

            @Override
            public long endOfCommands(int partition) {
                return Long.MAX_VALUE;
            }

            @Override
            public OptionalLong groupOffset(int partition) {
                return OptionalLong.empty();
            }

            @Override
            public OptionalLong commandBetween(int partition, long from, long to) {
                return OptionalLong.empty();
            }

            @Override
            public Collection<PublishedState> publishedStates(int partition) {
                return List.of();
            }

            @Override
            public long lastSequence(int partition, CouponId couponId) {
                return 0;
            }
        };
    }
}
