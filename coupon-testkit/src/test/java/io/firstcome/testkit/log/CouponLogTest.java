package io.firstcome.testkit.log;

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
    void shouldSortRecordsByPartitionAndOffset() {
        // when
        CouponLog reversed = CouponLog.of(log.commands().reversed(), log.outcomes().reversed());

        // then
        assertThat(reversed.withStates(log.states().get())).isEqualTo(log);
    }

    @Test
    void shouldBeSettledWithAllOutcomesAndStates() {
        // when
        boolean settled = log.isSettled();

        // then
        assertThat(settled).isTrue();
    }

    @Test
    void shouldBeSettledWhenStatesWereNotCollected() {
        // given
        CouponLog withoutStates = CouponLog.of(log.commands(), log.outcomes());

        // when
        boolean settled = withoutStates.isSettled();

        // then
        assertThat(settled).isTrue();
    }

    @Test
    void shouldNotBeSettledWhileAnOutcomeIsMissing() {
        // given
        CouponLog incomplete = CouponLog.of(log.commands(), List.of(log.outcomes().getFirst()));

        // when
        boolean settled = incomplete.isSettled();

        // then
        assertThat(settled).isFalse();
    }

    @Test
    void shouldNotBeSettledWhileAStateLacksAnIssue() {
        // given
        CouponState last = log.states().orElseThrow().get(COUPON);
        CouponLog behind = log.withStates(Map.of(COUPON, last.withIssued(0)));

        // when
        boolean settled = behind.isSettled();

        // then
        assertThat(settled).isFalse();
    }

    @Test
    void shouldNotBeSettledWhileAStateIsMissing() {
        // given
        CouponLog withoutState = log.withStates(Map.of());

        // when
        boolean settled = withoutState.isSettled();

        // then
        assertThat(settled).isFalse();
    }
}
