package io.firstcome.sink.mysql;

/**
 * A move of a partition's position, which happens only from where it is believed to stand.
 *
 * @param topic the topic
 * @param partition the partition
 * @param expected the position before
 * @param next the position after
 */
public record OffsetStep(String topic, int partition, long expected, long next) {

    @Override
    public String toString() {
        return topic + "-" + partition + " from " + expected + " to " + next;
    }
}
