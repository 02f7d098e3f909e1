package io.firstcome.processor;

import java.util.Optional;

import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;

/** What the state of Kafka Streams means to the probes. */
final class StreamsHealth implements KafkaStreams.StateListener {

    private volatile State state = State.CREATED;

    @Override
    public void onChange(State newState, State oldState) {
        state = newState;
    }

    /** Decisions and queries wait while the partitions are shared out and the stores restored. */
    Optional<String> problemOfReadiness() {
        return state == State.RUNNING ? Optional.empty() : Optional.of("is " + state);
    }

    /** A client that has shut itself down stays down. */
    Optional<String> problemOfLiveness() {
        return switch (state) {
            case CREATED, REBALANCING, RUNNING, PENDING_SHUTDOWN, NOT_RUNNING -> Optional.empty();
            case PENDING_ERROR, ERROR -> Optional.of("has shut down after too many failures; the log names them");
        };
    }
}
