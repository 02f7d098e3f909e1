package io.firstcome.sink.loop;

import java.util.List;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.loop.ReceivedOutcome.Understood;
import io.firstcome.sink.mysql.OffsetStep;

/**
 * A run of one partition, from the first offset that is not stored to the one behind its last. It covers more offsets
 * than it has outcomes: transactions leave marks, and what nobody understands was set aside.
 *
 * @param partition the partition
 * @param from the first offset covered
 * @param next the first offset no longer covered
 * @param outcomes what is to be stored, by offset
 */
record PartitionBatch(TopicPartition partition, long from, long next, List<Understood> outcomes) {

    IssuanceBatch batch() {
        return IssuanceBatch.of(outcomes.stream().map(Understood::outcome).toList());
    }

    OffsetStep step() {
        return new OffsetStep(partition.topic(), partition.partition(), from, next);
    }

    /** Whether it cannot be halved: what is wrong with it is wrong with this one record. */
    boolean isSingle() {
        return outcomes.size() == 1;
    }

    /** Its only record. */
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

    /** The same offsets with nothing to store. */
    PartitionBatch emptied() {
        return new PartitionBatch(partition, from, next, List.of());
    }
}
