package io.firstcome.readmodel.tail;

/**
 * Who is told what stands in a topic: by one thread, each partition in its order, every record once. A record within which
 * an error of the machine befell the reader is told again.
 */
@FunctionalInterface
public interface RecordListener<V> {

    /** Takes note of the next record. */
    void read(ConsumedRecord<V> record);

    /** Of this partition, nothing before {@code offset} will be read. Told before its first record. */
    default void startsAt(int partition, long offset) {}
}
