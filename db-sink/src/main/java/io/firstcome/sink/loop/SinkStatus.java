package io.firstcome.sink.loop;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.loop.Backoff;

/** How the loop is doing: written by the loop, read by probes. */
public final class SinkStatus {

    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(10));

    private final PartitionStates assignment = new PartitionStates();
    private final RetryState outage = new RetryState(InstantSource.system(), BACKOFF);
    private volatile boolean joined;
    private volatile RuntimeException death;

    /** Adds what the loop's state means for readiness and liveness. */
    public void register(Health health) {
        health.readyWhen("group", this::membership)
                .readyWhen("storing", outage::problem)
                .readyWhen("partitions", this::stoppedPartitions)
                .liveWhen("loop", this::death);
    }

    private Optional<String> membership() {
        return joined ? Optional.empty() : Optional.of("has not been given its share of the partitions yet");
    }

    /** A restart does not mend these, so they say nothing about liveness; the other partitions go on. */
    private Optional<String> stoppedPartitions() {
        Map<String, String> stopped = assignment.stopped();
        return stopped.isEmpty() ? Optional.empty() : Optional.of(stopped.toString());
    }

    private Optional<String> death() {
        return Optional.ofNullable(death).map(RuntimeException::toString);
    }

    PartitionStates assignment() {
        return assignment;
    }

    RetryState outage() {
        return outage;
    }

    void joined() {
        joined = true;
    }

    void died(RuntimeException cause) {
        death = cause;
    }
}
