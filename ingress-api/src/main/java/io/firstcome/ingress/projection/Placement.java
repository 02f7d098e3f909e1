package io.firstcome.ingress.projection;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

import io.micrometer.core.instrument.Counter;

/**
 * Where each assigned partition is read: where Redis says it stands. Until Redis has said so, nothing of it is fetched.
 * Used by one thread; Kafka calls the listener from within that thread's poll.
 */
final class Placement implements ConsumerRebalanceListener {

    private final Consumer<?, ?> consumer;
    private final Counter rebuilds;
    private final Set<TopicPartition> due = new HashSet<>();
    /** A partition that was placed and is not in here stands nowhere yet: nothing of it has been projected. */
    private final Map<TopicPartition, Long> offsets = new HashMap<>();

    Placement(Consumer<?, ?> consumer, Counter rebuilds) {
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

    Set<TopicPartition> due() {
        return due;
    }

    /** @param stored what Redis says of those that are due; nothing said means from the beginning */
    void place(Map<TopicPartition, Long> stored) {
        due.forEach(partition -> seek(partition, stored.get(partition)));
        offsets.putAll(stored);
        consumer.resume(due);
        due.clear();
    }

    private void seek(TopicPartition partition, Long offset) {
        if (offset == null) {
            rebuilds.increment();
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, offset);
        }
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
