package io.firstcome.gate.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private long now;
    private Runnable meanwhile = () -> {};
    private final CircuitBreaker breaker = new CircuitBreaker(Duration.ofNanos(100), () -> {
        meanwhile.run();
        return now;
    });

    @Test
    void shouldOpenOnlyAfterConsecutiveFailures() {
        // given
        failures(4);
        breaker.succeeded();
        failures(4);
        assertThat(breaker.allows()).isTrue();

        // when
        boolean opened = breaker.failed();

        // then
        assertThat(opened).isTrue();
        assertThat(breaker.allows()).isFalse();
    }

    @Test
    void shouldAllowOneProbePerPause() {
        // given
        failures(5);

        // when
        now = 100;

        // then
        assertThat(breaker.allows()).isTrue();
        assertThat(breaker.allows()).isFalse();
        now = 200;
        assertThat(breaker.allows()).isTrue();
    }

    @Test
    void shouldStayOpenWhenTheProbeFailsAndCloseWhenItSucceeds() {
        // given
        failures(5);
        now = 100;
        breaker.allows();

        // then
        assertThat(breaker.failed()).isFalse();
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.succeeded()).isTrue();
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.succeeded()).isFalse();
    }

    @Test
    void shouldCloseOnSuccessAfterAConcurrentSuccess() {
        // given
        failures(4);
        meanwhile = breaker::succeeded;
        breaker.failed();
        meanwhile = () -> {};

        // when
        breaker.succeeded();

        // then
        assertThat(breaker.isOpen()).isFalse();
        assertThat(breaker.allows()).isTrue();
    }

    private void failures(int count) {
        for (int i = 0; i < count; i++) {
            breaker.failed();
        }
    }
}
