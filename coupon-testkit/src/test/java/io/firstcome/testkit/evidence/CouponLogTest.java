package io.firstcome.testkit.evidence;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

import org.junit.jupiter.api.Test;

import io.firstcome.testkit.fixture.LogFixture;

class CouponLogTest {

    private final CouponLog log = new LogFixture().append(at(0), define("a1", 1)).append(at(1), issue("r1", "u1"))
            .decided();

    @Test
    void shouldPutRecordsInTheOrderOfTheLog() {
        assertThat(CouponLog.of(log.commands().reversed(), log.outcomes().reversed()).withStates(log.states().get()))
                .isEqualTo(log);
    }

    @Test
    void shouldBeDecidedWhenEveryCommandHasItsOutcome() {
        assertThat(log.isDecided()).isTrue();
        assertThat(CouponLog.of(log.commands(), List.of(log.outcomes().getFirst())).isDecided()).isFalse();
    }
}
