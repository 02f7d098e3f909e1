package io.firstcome.kit.consumer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;

/**
 * What one poll read.
 *
 * @param partitions the partitions that the poll advanced; empty when nothing was committed since the last poll
 * @param positions by partition the position in the store before this poll, for every partition that is being read,
 *            advanced or not
 */
public record PolledRecords(List<PartitionRecords> partitions, Map<TopicPartition, Long> positions) {

    /** The positions in the store once this poll is stored, for every partition that is being read. */
    public Map<TopicPartition, Long> nextPositions() {
        Map<TopicPartition, Long> next = new HashMap<>(positions);
        partitions.forEach(polled -> next.put(polled.partition(), polled.next()));
        return next;
    }
}
