package io.firstcome.ingress.kafka;

/**
 * Who is told what stands in a topic: by one thread, each partition in its order, every record once. A record within which
 * an error of the machine befell the reader is told again.
 */
@FunctionalInterface
public interface TopicReader<V> {

    /** Takes note of the next record. */
    void read(Read<V> record);

    /** Of this partition, nothing before {@code offset} will be read. Told before its first record. */
    default void startsAt(int partition, long offset) {}
}
