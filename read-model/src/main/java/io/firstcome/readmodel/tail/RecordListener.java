package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.time.Instant;

/**
 * Receives the records of a topic, on one thread, each partition in offset order and each record once. A record that
 * makes the listener throw a RuntimeException is logged, counted and skipped; an {@link Error} ends the reading for
 * good.
 */
@FunctionalInterface
public interface RecordListener<V> {

    /** Receives the next record. */
    void read(ConsumedRecord<V> record);

    /**
     * Whether to decode the record at this offset and to pass it to {@link #read}. Called once for each record, in
     * order.
     */
    default boolean wants(int partition, long offset) {
        return true;
    }

    /**
     * How long new records may stay at the broker, so that one fetch brings many of them; zero to fetch each record at
     * once.
     */
    default Duration fetchDelay() {
        return Duration.ZERO;
    }

    /** No record of this partition before {@code offset} will be read. Called before the partition's first record. */
    default void startsAt(int partition, long offset) {}

    /**
     * This partition has records that will not be read, all of them from before {@code time}. Called before the
     * partition's first record, and not called when everything is read.
     */
    default void leavesOut(int partition, Instant time) {}
}
