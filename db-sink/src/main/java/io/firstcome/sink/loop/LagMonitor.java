package io.firstcome.sink.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.OptionalLong;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Measures how far behind this instance is, every few seconds, outage or not. */
final class LagMonitor {

    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final PartitionStates assignment;
    private final InstantSource clock;
    private Instant next = Instant.MIN;

    LagMonitor(Consumer<byte[], byte[]> consumer, PartitionStates assignment, InstantSource clock) {
        this.consumer = consumer;
        this.assignment = assignment;
        this.clock = clock;
    }

    boolean isDue() {
        if (clock.instant().isBefore(next)) {
            return false;
        }
        next = clock.instant().plus(INTERVAL);
        return true;
    }

    /** Committed records that are not stored; not a number while either side is not known. */
    double lag() {
        Map<TopicPartition, OptionalLong> positions = assignment.positions();
        try {
            return consumer.endOffsets(positions.keySet(), PATIENCE).entrySet().stream()
                    .mapToDouble(end -> behind(end.getValue(), positions.get(end.getKey()))).sum();
        } catch (TimeoutException e) {
            return Double.NaN;
        }
    }

    private static double behind(long end, OptionalLong position) {
        return position.isPresent() ? Math.max(0, end - position.getAsLong()) : Double.NaN;
    }
}
