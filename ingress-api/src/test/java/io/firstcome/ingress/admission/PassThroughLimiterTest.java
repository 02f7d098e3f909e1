package io.firstcome.ingress.admission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PassThroughLimiterTest {

    private static final long SECOND = 1_000_000_000;

    private long now;
    private final PassThroughLimiter limiter = new PassThroughLimiter(10, () -> now);

    @Test
    void shouldLetSoManyPassEachSecond() {
        assertThat(passed(20)).isEqualTo(10);
        now = SECOND / 2;
        assertThat(passed(20)).isEqualTo(5);
        now = SECOND;
        assertThat(passed(20)).isEqualTo(5);
    }

    @Test
    void shouldNotSaveUpMoreThanASecond() {
        now = 3600 * SECOND;
        assertThat(passed(20)).isEqualTo(10);
    }

    private int passed(int tries) {
        int passed = 0;
        for (int i = 0; i < tries; i++) {
            passed += limiter.tryPass() ? 1 : 0;
        }
        return passed;
    }
}
