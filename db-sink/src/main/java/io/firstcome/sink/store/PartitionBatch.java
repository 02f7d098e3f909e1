package io.firstcome.sink.store;

import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.mysql.OffsetStep;
import io.firstcome.sink.store.ReceivedOutcome.Understood;

/**
 * A range of offsets of one partition with the outcomes in it. The range may hold more offsets than there are outcomes:
 * transactions leave markers in the log, and records that are no outcomes were set aside.
 *
 * @param partition the partition
 * @param from the first offset of the range, which is the first that is not stored
 * @param next the first offset behind the range
 * @param outcomes the outcomes to store, by offset
 * @param batch what the outcomes change in the tables
 */
record PartitionBatch(TopicPartition partition, long from, long next, List<Understood> outcomes, IssuanceBatch batch) {

    PartitionBatch(TopicPartition partition, long from, long next, List<Understood> outcomes) {
        this(partition, from, next, outcomes, IssuanceBatch.of(outcomes.stream().map(Understood::outcome).toList()));
    }

    OffsetStep step() {
        return new OffsetStep(partition.topic(), partition.partition(), from, next);
    }

    /** Whether there is one record only, which then is the cause of a failure. */
    boolean isSingle() {
        return outcomes.size() == 1;
    }

    /** The only record of a single batch. */
    ConsumerRecord<byte[], byte[]> onlyRecord() {
        return outcomes.getFirst().record();
    }

    PartitionBatch firstHalf() {
        List<Understood> half = outcomes.subList(0, outcomes.size() / 2);
        return new PartitionBatch(partition, from, half.getLast().record().offset() + 1, half);
    }

    PartitionBatch secondHalf() {
        List<Understood> half = outcomes.subList(outcomes.size() / 2, outcomes.size());
        return new PartitionBatch(partition, firstHalf().next(), next, half);
    }

    /** The same range without outcomes. */
    PartitionBatch emptied() {
        return new PartitionBatch(partition, from, next, List.of());
    }
}
