package io.firstcome.processor;

import java.util.Optional;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/** Derives readiness and liveness from the state of the Kafka Streams client. */
final class StreamsHealth implements KafkaStreams.StateListener {

    private volatile State state = State.CREATED;

    @Override
    public void onChange(State newState, State oldState) {
        state = newState;
    }

    /** Decisions and queries wait while partitions are assigned and stores are restored. */
    Optional<String> problemOfReadiness() {
        return state == State.RUNNING ? Optional.empty() : Optional.of("is " + state);
    }

    /** {@link ThreadFailures} has shut the client down, and only a restart of the process helps. */
    Optional<String> problemOfLiveness() {
        return switch (state) {
            case CREATED, REBALANCING, RUNNING, PENDING_SHUTDOWN, NOT_RUNNING -> Optional.empty();
            case PENDING_ERROR, ERROR -> Optional.of("has been shut down after failures of its threads; see the log");
        };
    }
}
