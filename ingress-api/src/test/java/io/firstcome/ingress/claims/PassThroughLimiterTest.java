package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.SetClock;

class PassThroughLimiterTest {

    private final SetClock clock = new SetClock();
    private final PassThroughLimiter limiter = new PassThroughLimiter(10, clock);

    @Test
    void shouldAllowTheRatePerSecond() {
        // when
        int atOnce = passed(20);
        clock.advance(Duration.ofMillis(500));
        int then = passed(20);
        clock.advance(Duration.ofMillis(500));
        int last = passed(20);

        // then
        assertThat(atOnce).isEqualTo(10);
        assertThat(then).isEqualTo(5);
        assertThat(last).isEqualTo(5);
    }

    @Test
    void shouldAccumulateOneSecondAtMost() {
        // given
        clock.advance(Duration.ofHours(1));

        // when
        int passed = passed(20);

        // then
        assertThat(passed).isEqualTo(10);
    }

    private int passed(int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            passed += limiter.tryPass() ? 1 : 0;
        }
        return passed;
    }
}
