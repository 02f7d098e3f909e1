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
    void shouldCreateAnActiveCouponOfVersionOne() {
        assertThat(when(1, define("a1", 5))).isEqualTo(changed("a1", CREATED, couponWithStock(5), at(1)));
    }

    @Test
    void shouldChangeNothingWhenDefinedTheSameAgain() {
        when(1, define("a1", 5));

        assertThat(when(2, define("a2", 5))).isEqualTo(changed("a2", UNCHANGED, couponWithStock(5), at(2)));
    }

    @Test
    void shouldChangeTheDefinitionAndKeepWhatWasIssued() {
        when(1, define("a1", 5));
        when(2, issue("r1", "alice"));

        assertThat(when(3, define("a2", 7))).isEqualTo(changed("a2", CHANGED, state(7, ACTIVE, 2, 1), at(3)));
    }

    @Test
    void shouldStayPausedWhenRedefined() {
        when(1, define("a1", 5));
        when(2, pause("a2"));

        assertThat(when(3, define("a3", 7))).isEqualTo(changed("a3", CHANGED, state(7, PAUSED, 3, 0), at(3)));
    }

    @Test
    void shouldLowerTheStockToWhatWasIssuedAndNoFurther() {
        when(1, define("a1", 5));
        when(2, issue("r1", "alice"));
        when(3, issue("r2", "bob"));

        assertThat(when(4, define("a2", 1))).isEqualTo(changeRejected("a2", STOCK_BELOW_ISSUED, at(4)));
        assertThat(when(5, define("a3", 2))).isEqualTo(changed("a3", CHANGED, state(2, ACTIVE, 2, 2), at(5)));
    }

    @ParameterizedTest
    @MethodSource("turns")
    void shouldRefuseToTurnAnUnknownCoupon(CouponCommand turn) {
        assertThat(when(1, turn)).isEqualTo(changeRejected("a9", UNKNOWN_COUPON, at(1)));
    }

    @Test
    void shouldPauseResumeAndCloseOnce() {
        when(0, define("a0", 5));

        assertThat(when(1, resume("a1"))).isEqualTo(changed("a1", UNCHANGED, state(5, ACTIVE, 1, 0), at(1)));
        assertThat(when(2, pause("a2"))).isEqualTo(changed("a2", CHANGED, state(5, PAUSED, 2, 0), at(2)));
        assertThat(when(3, pause("a3"))).isEqualTo(changed("a3", UNCHANGED, state(5, PAUSED, 2, 0), at(3)));
        assertThat(when(4, resume("a4"))).isEqualTo(changed("a4", CHANGED, state(5, ACTIVE, 3, 0), at(4)));
        assertThat(when(5, close("a5"))).isEqualTo(changed("a5", CHANGED, state(5, CLOSED, 4, 0), at(5)));
        assertThat(when(6, close("a6"))).isEqualTo(changed("a6", UNCHANGED, state(5, CLOSED, 4, 0), at(6)));
    }

    @Test
    void shouldCloseAPausedCoupon() {
        when(0, define("a0", 5));
        when(1, pause("a1"));

        assertThat(when(2, close("a2"))).isEqualTo(changed("a2", CHANGED, state(5, CLOSED, 3, 0), at(2)));
    }

    @ParameterizedTest
    @MethodSource("changesOfAClosedCoupon")
    void shouldNeverChangeAClosedCouponAgain(CouponCommand command) {
        when(0, define("a0", 5));
        when(1, issue("r1", "alice"));
        when(2, issue("r2", "bob"));
        when(3, close("a1"));

        assertThat(when(4, command)).isEqualTo(changeRejected("a9", COUPON_CLOSED, at(4)));
    }

    @Test
    void shouldNotLetTimeRunBackwardsAfterAChange() {
        when(10, define("a0", 5));

        assertThat(when(5, pause("a1")).decidedAt()).isEqualTo(at(10));
    }

    @Test
    void shouldNotBindTheClockByARefusal() {
        when(1, define("a0", 5));
        when(2, issue("r1", "alice"));
        when(3, issue("r2", "bob"));
        when(50, define("a1", 1));

        assertThat(when(10, pause("a2")).decidedAt()).isEqualTo(at(10));
    }

    private CouponOutcome when(long second, CouponCommand command) {
        return authority.decide(at(second), command);
    }

    private static CouponState state(long stock, CouponStatus status, long version, long issued) {
        return new CouponState(definition(stock), status, version, issued);
    }

    private static Stream<CouponCommand> turns() {
        return Stream.of(pause("a9"), resume("a9"), close("a9"));
    }

    /** The same definition again, another, and one that would be refused for its stock too. */
    private static Stream<CouponCommand> changesOfAClosedCoupon() {
        return Stream.of(pause("a9"), resume("a9"), define("a9", 5), define("a9", 7), define("a9", 1));
    }
}
