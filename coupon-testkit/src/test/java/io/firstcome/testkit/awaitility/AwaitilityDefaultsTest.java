package io.firstcome.testkit.awaitility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

class AwaitilityDefaultsTest {

    @Test
    void shouldLeaveMoreTimeThanTheTenSecondsOfAwaitilityItself() {
        // given
        AtomicLong left = new AtomicLong();

        // when
        await().conditionEvaluationListener(condition -> left.set(condition.getRemainingTimeInMS())).until(() -> true);

        // then
        assertThat(left).hasValueGreaterThan(10_000);
    }
}
