package io.firstcome.kit.consumer;

import java.util.ArrayList;
import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * What one poll read from one partition. The range may hold more offsets than there are records, even without any
 * record: transactions leave markers in the log.
 *
 * @param partition the partition
 * @param from the first offset of the range: the position in the store before this poll
 * @param next the first offset behind the range: the position in the store once the records are stored
 * @param records the records, by offset
 */
public record PartitionRecords(
        TopicPartition partition,
        long from,
        long next,
        List<ConsumerRecord<byte[], byte[]>> records) {

    /** The same range in parts with at most {@code max} records each, at least one part. */
    public List<PartitionRecords> parts(int max) {
        List<PartitionRecords> parts = new ArrayList<>();
        long partFrom = from;
        int begin = 0;
        for (; records.size() - begin > max; begin += max) {
            List<ConsumerRecord<byte[], byte[]>> part = records.subList(begin, begin + max);
            long partNext = part.getLast().offset() + 1;
            parts.add(new PartitionRecords(partition, partFrom, partNext, part));
            partFrom = partNext;
        }
        parts.add(new PartitionRecords(partition, partFrom, next, records.subList(begin, records.size())));
        return parts;
    }
}
