package io.firstcome.processor;

import java.util.Optional;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/** Derives readiness and liveness from the state of the Kafka Streams client. */
final class StreamsHealth implements KafkaStreams.StateListener {

    private volatile State state = State.CREATED;
    private volatile String refusal = "";

    @Override
    public void onChange(State newState, State oldState) {
        state = newState;
    }

    /** State was lost, so the client is shut down, and a restart does not help. */
    void refuse(String reason) {
        refusal = reason;
    }

    /** Decisions and queries wait while partitions are assigned and stores are restored. */
    Optional<String> problemOfReadiness() {
        return state == State.RUNNING ? Optional.empty() : Optional.of("is " + state);
    }

    /** {@link ThreadFailures} has shut the client down. A restart of the process may help, except after a refusal. */
    Optional<String> problemOfLiveness() {
        if (!refusal.isEmpty()) {
            return Optional.of("refuses to run: " + refusal);
        }
        return switch (state) {
            case CREATED, REBALANCING, RUNNING, PENDING_SHUTDOWN, NOT_RUNNING -> Optional.empty();
            case PENDING_ERROR, ERROR -> Optional.of("has been shut down after failures of its threads; see the log");
        };
    }
}
