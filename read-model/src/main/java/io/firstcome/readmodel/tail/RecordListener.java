package io.firstcome.readmodel.tail;

/**
 * Receives the records of a topic, on one thread, each partition in offset order and each record once. A record that
 * makes the listener throw a RuntimeException is logged, counted and skipped; an {@link Error} ends the reading for
 * good.
 */
@FunctionalInterface
public interface RecordListener<V> {

    /** Receives the next record. */
    void read(ConsumedRecord<V> record);

    /** No record of this partition before {@code offset} will be read. Called before the partition's first record. */
    default void startsAt(int partition, long offset) {}
}
