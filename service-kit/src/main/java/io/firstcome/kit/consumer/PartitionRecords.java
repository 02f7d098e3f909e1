package io.firstcome.kit.consumer;

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
        List<ConsumerRecord<byte[], byte[]>> records) {}
