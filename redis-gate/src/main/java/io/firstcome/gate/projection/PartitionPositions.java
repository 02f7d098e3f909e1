package io.firstcome.gate.projection;

import java.time.Duration;
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

/**
 * The position of each assigned partition, which Redis stores. No record of a partition is fetched before its position is
 * known. Used by one thread; Kafka calls the listener from within that thread's poll.
 */
final class PartitionPositions implements ConsumerRebalanceListener {

    private static final Duration OFFSETS_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<?, ?> consumer;
    private final Set<TopicPartition> due = new HashSet<>();
    private final Map<TopicPartition, Long> positions = new HashMap<>();

    PartitionPositions(Consumer<?, ?> consumer) {
        this.consumer = consumer;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        due.addAll(partitions);
        consumer.pause(partitions);
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        due.removeAll(partitions);
        positions.keySet().removeAll(partitions);
    }

    boolean isDue() {
        return !due.isEmpty();
    }

    /**
     * Finds the positions that are due. A partition without a usable position in Redis is followed from its committed end:
     * what came before is filled from the authority. That position is stored before any record is read, so that a second
     * loss of Redis is noticed.
     *
     * @return the partitions that are followed from their end; none if another process stored positions meanwhile, in which
     *         case the positions stay due
     */
    Set<TopicPartition> place(GateWriter gate) {
        Map<TopicPartition, Long> stored = gate.positions(due);
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(due, OFFSETS_TIMEOUT);
        Map<TopicPartition, Long> ends = consumer.endOffsets(due, OFFSETS_TIMEOUT);
        Map<TopicPartition, Long> fromEnd = ends.entrySet().stream()
                .filter(end -> !isWithin(begins.get(end.getKey()), stored.get(end.getKey()), end.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        if (!gate.advance(stored, fromEnd)) {
            return Set.of();
        }
        Map<TopicPartition, Long> from = new HashMap<>(stored);
        from.putAll(fromEnd);
        from.forEach(consumer::seek);
        consumer.resume(from.keySet());
        positions.putAll(from);
        due.clear();
        return fromEnd.keySet();
    }

    private static boolean isWithin(long begin, Long stored, long end) {
        return stored != null && begin <= stored && stored <= end;
    }

    /** The positions that Redis stores. */
    Map<TopicPartition, Long> stored() {
        return positions;
    }

    /** The positions once these records are projected. */
    Map<TopicPartition, Long> after(ConsumerRecords<?, ?> records) {
        Map<TopicPartition, Long> next = new HashMap<>(positions);
        records.nextOffsets().forEach((partition, offset) -> next.put(partition, offset.offset()));
        return next;
    }

    void moveTo(Map<TopicPartition, Long> next) {
        positions.putAll(next);
    }

    /** All positions must be read from Redis again. */
    void displace() {
        positions.clear();
        due.clear();
        due.addAll(consumer.assignment());
        consumer.pause(due);
    }

    boolean isFollowed(TopicPartition partition) {
        return positions.containsKey(partition);
    }

    /** Whether all that is known to be committed has been read. */
    boolean isCaughtUp() {
        return positions.keySet().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(Long.MAX_VALUE) == 0);
    }

    /** How many records are fetched or waiting, as far as is known. */
    long lag() {
        return consumer.assignment().stream().mapToLong(partition -> consumer.currentLag(partition).orElse(0)).sum();
    }
}
