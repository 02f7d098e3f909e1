package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.soldOutCoupon;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.Scene.sale;
import static io.firstcome.testkit.guarantee.Scene.spoiled;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.testkit.evidence.CommandRecord;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.LoggedCommand;
import io.firstcome.testkit.fixture.LogFixture;

class LogOrderWinsTest {

    private final LogOrderWins guarantee = new LogOrderWins();

    @Test
    void shouldPassWhatTheReplayGives() {
        assertPassed(guarantee.check(Evidence.of(sale())), "6 commands replayed, 1 coupons, every outcome the same");
    }

    @Test
    void shouldSeeThatALaterClaimWonFirst() {
        // given
        var swapped = spoiled(sale(), d -> {
            d.set(1, issued("r2", "u2", 1, at(1)));
            d.set(3, issued("r1", "u1", 2, at(3)));
        });

        // then
        assertFailed(guarantee.check(Evidence.of(swapped))).singleElement().asString()
                .startsWith("c1: outcome 2 of 6 should be CouponIssued[requestId=r1")
                .contains("and is CouponIssued[requestId=r2");
    }

    @Test
    void shouldSeeOutcomesInAnotherOrder() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> Collections.swap(d, 3, 4))))).hasSize(1);
    }

    @Test
    void shouldSeeAnotherTimeOfADecision() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> d.set(3, issued("r2", "u2", 2, at(4)))))))
                .hasSize(1);
    }

    @Test
    void shouldSeeWhatIsMissingAndWhatIsTooMuch() {
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), List::removeLast)))).singleElement().asString()
                .endsWith("and is absent");
        assertFailed(guarantee.check(Evidence.of(spoiled(sale(), d -> d.add(d.getLast()))))).singleElement()
                .asString().contains("should be absent");
    }

    @Test
    void shouldSeeAStateThatIsNotTheLast() {
        assertFailed(guarantee.check(Evidence.of(sale().withStates(Map.of(COUPON, couponWithStock(2))))))
                .singleElement().asString().startsWith("c1: the last state should be");
        assertFailed(guarantee.check(Evidence.of(sale().withStates(Map.of())))).hasSize(1);
        assertPassed(guarantee.check(Evidence.of(sale().withStates(Map.of(COUPON, soldOutCoupon(2))))));
    }

    @Test
    void shouldNotMissStatesThatWereNotCollected() {
        // given
        CouponLog withoutStates = CouponLog.of(sale().commands(), sale().outcomes());

        // then
        assertPassed(guarantee.check(Evidence.of(withoutStates)));
    }

    @Test
    void shouldCareOnlyWhomARefusalAnswers() {
        // given
        List<CommandRecord> commands = new ArrayList<>(sale().commands());
        commands.add(new LoggedCommand(0, 90, at(9), COUPON, issue("r9", "u9", couponId("c2"))));
        CouponLog log = LogFixture.decided(commands);

        // then
        assertThat(log.decisions().getLast()).isInstanceOf(CommandInvalid.class);
        assertPassed(guarantee.check(Evidence.of(spoiled(log, d -> d.set(6, invalid("r9"))))));
        assertPassed(guarantee.check(Evidence.of(spoiled(log, d -> d.addFirst(d.removeLast())))));
        assertFailed(guarantee.check(Evidence.of(spoiled(log, List::removeLast))))
                .containsExactly("c1: r9: 1 answers due that it is invalid, 0 found");
        assertFailed(guarantee.check(Evidence.of(spoiled(log, d -> d.set(6, invalid("r8")))))).hasSize(2);
        assertFailed(guarantee.check(Evidence.of(spoiled(log, d -> d.add(invalid("r9")))))).hasSize(1);
    }

    private static CommandInvalid invalid(String request) {
        return new CommandInvalid(requestId(request), COUPON, "other words", at(99));
    }
}
