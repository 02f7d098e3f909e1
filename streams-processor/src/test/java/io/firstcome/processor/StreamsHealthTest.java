package io.firstcome.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;

import org.apache.kafka.streams.KafkaStreams.State;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StreamsHealthTest {

    private static final Set<State> SHUT_DOWN_AFTER_FAILURES = Set.of(State.PENDING_ERROR, State.ERROR);

    private final StreamsHealth health = new StreamsHealth();

    @ParameterizedTest
    @EnumSource(State.class)
    void shouldBeReadyOnlyWhenRunning(State state) {
        // when
        health.onChange(state, State.CREATED);

        // then
        assertThat(health.problemOfReadiness().isEmpty()).isEqualTo(state == State.RUNNING);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void shouldBeDeadOnlyAfterShutdownByFailures(State state) {
        // when
        health.onChange(state, State.CREATED);

        // then
        assertThat(health.problemOfLiveness().isPresent()).isEqualTo(SHUT_DOWN_AFTER_FAILURES.contains(state));
    }
}
