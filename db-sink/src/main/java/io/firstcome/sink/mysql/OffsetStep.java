package io.firstcome.sink.mysql;

/**
 * A compare-and-set of a partition's position.
 *
 * @param topic the topic
 * @param partition the partition
 * @param expected the value that the position must have
 * @param next the new value
 */
public record OffsetStep(String topic, int partition, long expected, long next) {

    @Override
    public String toString() {
        return topic + "-" + partition + " from " + expected + " to " + next;
    }
}
