package io.firstcome.testkit.evidence;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponState;
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
    void shouldBeSettledWhenEveryCommandHasItsOutcomeAndTheStatesTellIt() {
        assertThat(log.isSettled()).isTrue();
        assertThat(CouponLog.of(log.commands(), log.outcomes()).isSettled()).as("states not collected").isTrue();
    }

    @Test
    void shouldNotBeSettledWhileAnOutcomeIsMissing() {
        assertThat(CouponLog.of(log.commands(), List.of(log.outcomes().getFirst())).isSettled()).isFalse();
    }

    @Test
    void shouldNotBeSettledWhileStatesTellLessThanOutcomes() {
        CouponState last = log.states().orElseThrow().get(COUPON);
        assertThat(log.withStates(Map.of(COUPON, last.withIssued(0))).isSettled()).as("an issue untold").isFalse();
        assertThat(log.withStates(Map.of()).isSettled()).as("a definition untold").isFalse();
    }
}
