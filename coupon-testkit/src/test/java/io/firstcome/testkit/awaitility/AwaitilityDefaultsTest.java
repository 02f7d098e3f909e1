package io.firstcome.testkit.awaitility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class AwaitilityDefaultsTest {

    @Test
    void shouldWaitLongerThanTheTenSecondsOfAwaitility() {
        // given
        AtomicLong remaining = new AtomicLong();

        // when
        await().conditionEvaluationListener(condition -> remaining.set(condition.getRemainingTimeInMS()))
                .until(() -> true);

        // then
        assertThat(remaining).hasValueGreaterThan(10_000);
    }
}
