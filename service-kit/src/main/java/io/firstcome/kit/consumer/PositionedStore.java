package io.firstcome.kit.consumer;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * A store outside Kafka that keeps, beside the data, the offset up to which each partition is stored.
 * {@link FencedConsumer} calls all methods except {@link #beginClose} from its one thread.
 *
 * <p>The store moves a position by compare-and-set, in the same transaction as the writes, or after writes that may be
 * repeated. So a consumer that the group has replaced without its knowledge changes no position, and data and position
 * can only be lost together.
 *
 * <p>Any method may throw a {@link RuntimeException}, such as {@link StoreUnavailable}: reading pauses, and the
 * positions of all partitions are read anew after a wait.
 */
public interface PositionedStore extends AutoCloseable {

    /**
     * Reads the positions of partitions that were assigned since the last call, or of all of them after a failure.
     *
     * @return the position of each partition that the store knows: the first offset that it does not hold
     */
    Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions);

    /**
     * Decides where to start reading, right after {@link #positions}. Where the start is not the stored position, the
     * store first stores it by compare-and-set, or throws if that fails.
     *
     * @return a start for each of the partitions
     */
    Map<TopicPartition, StartPosition> startPositions(Map<TopicPartition, PositionInLog> positions);

    /**
     * Stores what a poll read and moves the positions. Called after every poll, also after one without records: a store
     * that may lose its data unnoticed can check {@link PolledRecords#positions} then, and one that is written to
     * rarely can check that it is reachable. After a failure this method is called again once the wait is over.
     *
     * <p>While this method works, the consumer does not poll: rebalances of the group wait, and after five minutes the
     * group takes the partitions away. A store that may need long returns before, with partitions that are unfinished.
     */
    PollResult store(PolledRecords poll);

    /**
     * Does work that belongs to the store and not to the records, such as one page of a backfill. Called after a poll
     * is stored, while every assigned partition is read or stopped.
     *
     * @param idle how long the next poll waits for records when there is no such work
     * @return how long the next poll may wait, zero when more work is left
     */
    default Duration betweenPolls(Duration idle) {
        return idle;
    }

    /**
     * The consumer is about to be closed. A call of {@link #store} that is under way may then return before it has
     * stored everything, with partitions that are unfinished. Called from another thread.
     */
    default void beginClose() {}

    /** Called once, after the consumer has left the group. */
    @Override
    default void close() {}
}
