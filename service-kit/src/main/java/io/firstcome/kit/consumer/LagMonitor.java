package io.firstcome.kit.consumer;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Measures once a second how many committed records of the assigned partitions are not stored. Kafka is asked for
 * the ends, because the consumer's own lag does not change while its partitions are paused.
 */
final class LagMonitor {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Consumer<?, ?> consumer;
    private final PartitionStates states;
    private final LongSupplier nanoTime;
    private OptionalLong measuredNanos = OptionalLong.empty();
    private volatile double lag = Double.NaN;

    LagMonitor(Consumer<?, ?> consumer, PartitionStates states, LongSupplier nanoTime) {
        this.consumer = consumer;
        this.states = states;
        this.nanoTime = nanoTime;
    }

    /** Measures if the last measurement is old enough, and returns whether it was. */
    boolean measureIfDue() {
        long now = nanoTime.getAsLong();
        if (measuredNanos.isPresent() && now - measuredNanos.getAsLong() < INTERVAL.toNanos()) {
            return false;
        }
        measuredNanos = OptionalLong.of(now);
        lag = measure();
        return true;
    }

    private double measure() {
        Map<TopicPartition, OptionalLong> positions = states.positions();
        try {
            return consumer.endOffsets(positions.keySet(), TIMEOUT).entrySet().stream()
                    .mapToDouble(end -> lag(end.getValue(), positions.get(end.getKey()))).sum();
        } catch (TimeoutException e) {
            return Double.NaN;
        }
    }

    private static double lag(long end, OptionalLong position) {
        return position.isPresent() ? Math.max(0, end - position.getAsLong()) : Double.NaN;
    }

    /** The last measurement in records; NaN while an end or a position is not known. */
    double lag() {
        return lag;
    }
}
