package io.firstcome.gate.projection;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import io.micrometer.core.instrument.Counter;

/**
 * Where each assigned partition is read: where Redis says it stands. Until Redis has said so, nothing of it is fetched.
 * Used by one thread; Kafka calls the listener from within that thread's poll.
 */
final class PartitionPositions implements ConsumerRebalanceListener {

    /** Where the log has been cut off since, the consumer goes on at the earliest record that is left. */
    private static final Long BEGINNING = 0L;

    private final Consumer<?, ?> consumer;
    private final Counter rebuilds;
    private final Set<TopicPartition> due = new HashSet<>();
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    PartitionPositions(Consumer<?, ?> consumer, Counter rebuilds) {
        this.consumer = consumer;
        this.rebuilds = rebuilds;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        due.addAll(partitions);
        consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        due.removeAll(partitions);
        offsets.keySet().removeAll(partitions);
    }

    boolean isDue() {
        return !due.isEmpty();
    }

    /**
     * Places those that are due, unless somebody else placed some of them meanwhile: then they stay due. What Redis knows
     * nothing of is told to it before anything is read: else it could be lost once more, unnoticed, until the first records
     * are projected.
     */
    void place(GateWriter gate) {
        Map<TopicPartition, Long> stored = gate.offsets(due);
        Map<TopicPartition, Long> begun = due.stream().filter(partition -> !stored.containsKey(partition))
                .collect(Collectors.toMap(partition -> partition, partition -> BEGINNING));
        if (gate.advance(Map.of(), begun)) {
            rebuilds.increment(begun.size());
            read(stored);
            read(begun);
            due.clear();
        }
    }

    private void read(Map<TopicPartition, Long> from) {
        offsets.putAll(from);
        from.forEach(consumer::seek);
        consumer.resume(from.keySet());
    }

    /** Where the placed partitions stand by Redis. */
    Map<TopicPartition, Long> offsets() {
        return offsets;
    }

    /** Where they stand once these records are projected. */
    Map<TopicPartition, Long> after(ConsumerRecords<?, ?> records) {
        Map<TopicPartition, Long> next = new HashMap<>(offsets);
        records.nextOffsets().forEach((partition, offset) -> next.put(partition, offset.offset()));
        return next;
    }

    void moveTo(Map<TopicPartition, Long> next) {
        offsets.putAll(next);
    }

    /** Redis must be asked again about all of them. */
    void displace() {
        offsets.clear();
        due.clear();
        due.addAll(consumer.assignment());
        consumer.pause(due);
    }

    boolean isAssigned(Collection<TopicPartition> partitions) {
        return consumer.assignment().containsAll(partitions);
    }

    /** Whether there is something to read, and all of it that is known to be committed has been read. */
    boolean isCaughtUp() {
        return !isDue() && !consumer.assignment().isEmpty() && consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(Long.MAX_VALUE) == 0);
    }

    /** How many records are fetched or waiting, as far as is known. */
    long lag() {
        return consumer.assignment().stream().mapToLong(partition -> consumer.currentLag(partition).orElse(0)).sum();
    }
}
