package io.firstcome.kit.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.random.RandomGenerator;

import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class RetryStateTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    /** Negative, as a clock such as System.nanoTime may be. */
    private Duration now = Duration.ofDays(-1);
    private final RetryState state = new RetryState("storing",
            new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(8), noJitter()), meters, () -> now.toNanos());

    @Test
    void shouldAllowTheFirstAttemptAtOnce() {
        assertThat(state.isAttemptDue()).isTrue();
        assertThat(state.problem()).isEmpty();
    }

    @Test
    void shouldDelayTheNextAttemptAfterEachFailure() {
        // when
        state.failed("no connection");
        Duration wait = state.failed(new IllegalStateException("no answer"));

        // then
        assertThat(wait).isEqualTo(Duration.ofSeconds(2));
        assertThat(state.isAttemptDue()).isFalse();
        now = now.plus(wait);
        assertThat(state.isAttemptDue()).isTrue();
        assertThat(state.problem()).contains("java.lang.IllegalStateException: no answer");
        assertThat(meters.get("firstcome.loop.failures").tag("loop", "storing").counter().count()).isEqualTo(2);
    }

    @Test
    void shouldKeepCountingFailuresThroughAnImprovement() {
        // given
        state.failed("no connection");

        // when
        state.improved();

        // then
        assertThat(state.problem()).isEmpty();
        assertThat(state.failed("no connection")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void shouldForgetFailuresOnSuccess() {
        // given
        state.failed("no connection");

        // when
        state.succeeded();

        // then
        assertThat(state.problem()).isEmpty();
        assertThat(state.isAttemptDue()).isTrue();
        assertThat(state.failed("no connection")).isEqualTo(Duration.ofSeconds(1));
    }

    private static RandomGenerator noJitter() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                return 0;
            }

            @Override
            public long nextLong(long bound) {
                return 0;
            }
        };
    }
}
