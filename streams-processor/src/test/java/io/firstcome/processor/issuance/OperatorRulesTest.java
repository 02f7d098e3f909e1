package io.firstcome.processor.issuance;

import static io.firstcome.contract.ChangeRejectionReason.COUPON_CLOSED;
import static io.firstcome.contract.ChangeRejectionReason.STOCK_BELOW_ISSUED;
import static io.firstcome.contract.ChangeRejectionReason.UNKNOWN_COUPON;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CREATED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.UNCHANGED;
import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.contract.CouponStatus.CLOSED;
import static io.firstcome.contract.CouponStatus.PAUSED;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.close;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.pause;
import static io.firstcome.testkit.fixture.CouponFixture.resume;
import static io.firstcome.testkit.fixture.OutcomeFixture.changeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;

class OperatorRulesTest {

    private final PolicyOverMaps authority = new PolicyOverMaps();

    @Test
    void shouldCreateActiveCouponWithVersionOne() {
        // when
        CouponOutcome outcome = decide(1, define("a1", 5));

        // then
        assertThat(outcome).isEqualTo(changed("a1", CREATED, couponWithStock(5), at(1)));
    }

    @Test
    void shouldNotChangeWhenDefinedTheSameAgain() {
        // given
        decide(1, define("a1", 5));

        // when
        CouponOutcome outcome = decide(2, define("a2", 5));

        // then
        assertThat(outcome).isEqualTo(changed("a2", UNCHANGED, couponWithStock(5), at(2)));
    }

    @Test
    void shouldKeepIssuedCountWhenRedefined() {
        // given
        decide(1, define("a1", 5));
        decide(2, issue("r1", "alice"));

        // when
        CouponOutcome outcome = decide(3, define("a2", 7));

        // then
        assertThat(outcome).isEqualTo(changed("a2", CHANGED, state(7, ACTIVE, 2, 1), at(3)));
    }

    @Test
    void shouldStayPausedWhenRedefined() {
        // given
        decide(1, define("a1", 5));
        decide(2, pause("a2"));

        // when
        CouponOutcome outcome = decide(3, define("a3", 7));

        // then
        assertThat(outcome).isEqualTo(changed("a3", CHANGED, state(7, PAUSED, 3, 0), at(3)));
    }

    @Test
    void shouldNotLowerStockBelowIssuedCount() {
        // given
        decide(1, define("a1", 5));
        decide(2, issue("r1", "alice"));
        decide(3, issue("r2", "bob"));

        // when
        CouponOutcome below = decide(4, define("a2", 1));
        CouponOutcome equal = decide(5, define("a3", 2));

        // then
        assertThat(below).isEqualTo(changeRejected("a2", STOCK_BELOW_ISSUED, at(4)));
        assertThat(equal).isEqualTo(changed("a3", CHANGED, state(2, ACTIVE, 2, 2), at(5)));
    }

    @ParameterizedTest
    @MethodSource("statusChanges")
    void shouldRejectStatusChangeOfUnknownCoupon(CouponCommand command) {
        // when
        CouponOutcome outcome = decide(1, command);

        // then
        assertThat(outcome).isEqualTo(changeRejected("a9", UNKNOWN_COUPON, at(1)));
    }

    @Test
    void shouldPauseResumeAndCloseOnce() {
        // given
        decide(0, define("a0", 5));

        // when
        List<CouponOutcome> outcomes = List.of(decide(1, resume("a1")), decide(2, pause("a2")),
                decide(3, pause("a3")), decide(4, resume("a4")), decide(5, close("a5")), decide(6, close("a6")));

        // then
        assertThat(outcomes).containsExactly(
                changed("a1", UNCHANGED, state(5, ACTIVE, 1, 0), at(1)),
                changed("a2", CHANGED, state(5, PAUSED, 2, 0), at(2)),
                changed("a3", UNCHANGED, state(5, PAUSED, 2, 0), at(3)),
                changed("a4", CHANGED, state(5, ACTIVE, 3, 0), at(4)),
                changed("a5", CHANGED, state(5, CLOSED, 4, 0), at(5)),
                changed("a6", UNCHANGED, state(5, CLOSED, 4, 0), at(6)));
    }

    @Test
    void shouldCloseAPausedCoupon() {
        // given
        decide(0, define("a0", 5));
        decide(1, pause("a1"));

        // when
        CouponOutcome outcome = decide(2, close("a2"));

        // then
        assertThat(outcome).isEqualTo(changed("a2", CHANGED, state(5, CLOSED, 3, 0), at(2)));
    }

    @ParameterizedTest
    @MethodSource("changesOfAClosedCoupon")
    void shouldNeverChangeAClosedCoupon(CouponCommand command) {
        // given
        decide(0, define("a0", 5));
        decide(1, issue("r1", "alice"));
        decide(2, issue("r2", "bob"));
        decide(3, close("a1"));

        // when
        CouponOutcome outcome = decide(4, command);

        // then
        assertThat(outcome).isEqualTo(changeRejected("a9", COUPON_CLOSED, at(4)));
    }

    @Test
    void shouldKeepTimeMonotoneAfterChange() {
        // given
        decide(10, define("a0", 5));

        // when
        CouponOutcome outcome = decide(5, pause("a1"));

        // then
        assertThat(outcome.decidedAt()).isEqualTo(at(10));
    }

    @Test
    void shouldNotMoveTheClockByRejectedChange() {
        // given
        decide(1, define("a0", 5));
        decide(2, issue("r1", "alice"));
        decide(3, issue("r2", "bob"));
        decide(50, define("a1", 1));

        // when
        CouponOutcome outcome = decide(10, pause("a2"));

        // then
        assertThat(outcome.decidedAt()).isEqualTo(at(10));
    }

    private CouponOutcome decide(long second, CouponCommand command) {
        return authority.decide(at(second), command);
    }

    private static CouponState state(long stock, CouponStatus status, long version, long issued) {
        return new CouponState(definition(stock), status, version, issued);
    }

    private static Stream<CouponCommand> statusChanges() {
        return Stream.of(pause("a9"), resume("a9"), close("a9"));
    }

    /** The same definition again, another, and one that would also be rejected for its stock. */
    private static Stream<CouponCommand> changesOfAClosedCoupon() {
        return Stream.of(pause("a9"), resume("a9"), define("a9", 5), define("a9", 7), define("a9", 1));
    }
}
