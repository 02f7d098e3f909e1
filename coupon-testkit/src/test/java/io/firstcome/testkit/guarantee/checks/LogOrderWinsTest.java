package io.firstcome.testkit.guarantee.checks;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.soldOutCoupon;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static io.firstcome.testkit.fixture.OutcomeFixture.limitReached;
import static io.firstcome.testkit.fixture.OutcomeFixture.revokeRejected;
import static io.firstcome.testkit.fixture.OutcomeFixture.revoked;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertFailed;
import static io.firstcome.testkit.guarantee.GuaranteeResultAssert.assertPassed;
import static io.firstcome.testkit.guarantee.SaleFixture.altered;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;
import static io.firstcome.testkit.guarantee.SaleFixture.saleWithRevocations;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedCommand;

class LogOrderWinsTest {

    private final LogOrderWins guarantee = new LogOrderWins();

    @Test
    void shouldPassTheOutcomesOfTheReplay() {
        // when
        GuaranteeResult result = guarantee.check(Evidence.of(sale()));

        // then
        assertPassed(result, "6 commands replayed, 1 coupon, identical outcomes");
    }

    @Test
    void shouldFailWhenALaterClaimIsIssuedFirst() {
        // when
        GuaranteeResult result = checkAltered(decisions -> {
            decisions.set(1, issued("r2", "u2", 1, at(1)));
            decisions.set(3, issued("r1", "u1", 2, at(3)));
        });

        // then
        assertFailed(result).singleElement().asString()
                .startsWith("c1: outcome 2 of 6 should be CouponIssued[requestId=r1")
                .contains("but is CouponIssued[requestId=r2");
    }

    @Test
    void shouldFailOnOutcomesInAnotherOrder() {
        // when
        GuaranteeResult result = checkAltered(decisions -> Collections.swap(decisions, 3, 4));

        // then
        assertFailed(result).hasSize(1);
    }

    @Test
    void shouldFailOnAnotherTimeOfADecision() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.set(3, issued("r2", "u2", 2, at(4))));

        // then
        assertFailed(result).hasSize(1);
    }

    @Test
    void shouldFailOnAMissingOutcome() {
        // when
        GuaranteeResult result = checkAltered(List::removeLast);

        // then
        assertFailed(result).singleElement().asString().endsWith("but is absent");
    }

    @Test
    void shouldFailOnAnAdditionalOutcome() {
        // when
        GuaranteeResult result = checkAltered(decisions -> decisions.add(decisions.getLast()));

        // then
        assertFailed(result).singleElement().asString().contains("should be absent");
    }

    @Test
    void shouldPassTheLastStateOfTheReplay() {
        // when
        GuaranteeResult result = checkWithStates(Map.of(COUPON, soldOutCoupon(2)));

        // then
        assertPassed(result);
    }

    @Test
    void shouldFailOnAnOlderState() {
        // when
        GuaranteeResult result = checkWithStates(Map.of(COUPON, couponWithStock(2)));

        // then
        assertFailed(result).singleElement().asString().startsWith("c1: the last state should be");
    }

    @Test
    void shouldFailOnAMissingState() {
        // when
        GuaranteeResult result = checkWithStates(Map.of());

        // then
        assertFailed(result).hasSize(1);
    }

    static Stream<Consumer<List<CouponOutcome>>> otherRevocations() {
        return Stream.of(decisions -> decisions.set(5, revoked("a2", "u1", 2, "r2", 1, at(5))),
                decisions -> decisions.set(5, revoked("a2", "u1", 1, "r1", 1, at(4))),
                decisions -> decisions.set(5, revoked("a2", "u1", 1, "r1", 2, at(5))),
                decisions -> decisions.set(5, revokeRejected("a2", "u1", ChangeRejectionReason.NOT_HELD, at(5))),
                decisions -> decisions.set(6, issued("r5", "u2", 3, at(6), 2)),
                decisions -> decisions.set(3, limitReached("r3", "u1", at(3), 2L)),
                decisions -> Collections.swap(decisions, 5, 6));
    }

    @ParameterizedTest
    @MethodSource("otherRevocations")
    void shouldCompareRevocations(Consumer<List<CouponOutcome>> change) {
        // given
        CouponLog altered = altered(saleWithRevocations(), change);

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(altered));

        // then
        assertFailed(result).hasSize(1);
        assertPassed(guarantee.check(Evidence.of(saleWithRevocations())));
    }

    @Test
    void shouldFailOnAStateWithoutTheRevocations() {
        // given
        CouponState last = saleWithRevocations().states().orElseThrow().get(COUPON);
        var log = saleWithRevocations()
                .withStates(Map.of(COUPON, new CouponState(last.definition(), last.status(), 1, 3, 1)));

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(log));

        // then
        assertFailed(result).singleElement().asString().startsWith("c1: the last state should be");
    }

    @Test
    void shouldPassWhenStatesWereNotCollected() {
        // given
        CouponLog withoutStates = CouponLog.of(sale().commands(), sale().outcomes());

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(withoutStates));

        // then
        assertPassed(result);
    }

    static Stream<Consumer<List<CouponOutcome>>> otherTextOrPosition() {
        return Stream.of(decisions -> decisions.set(6, invalid("r9")),
                decisions -> decisions.addFirst(decisions.removeLast()));
    }

    @ParameterizedTest
    @MethodSource("otherTextOrPosition")
    void shouldIgnoreTextAndPositionOfAnInvalidCommand(Consumer<List<CouponOutcome>> change) {
        // given
        CouponLog altered = altered(logWithAForgedKey(), change);

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(altered));

        // then
        assertPassed(result);
    }

    static Stream<Arguments> otherRequests() {
        return Stream.of(change(List::removeLast, 1), change(decisions -> decisions.set(6, invalid("r8")), 2),
                change(decisions -> decisions.add(invalid("r9")), 1));
    }

    private static Arguments change(Consumer<List<CouponOutcome>> change, int violations) {
        return arguments(change, violations);
    }

    @ParameterizedTest
    @MethodSource("otherRequests")
    void shouldCompareTheRequestsOfInvalidCommands(Consumer<List<CouponOutcome>> change, int violations) {
        // given
        CouponLog altered = altered(logWithAForgedKey(), change);

        // when
        GuaranteeResult result = guarantee.check(Evidence.of(altered));

        // then
        assertFailed(result).hasSize(violations).anyMatch(it -> it.contains(" CommandInvalid expected, "));
    }

    /** The sale followed by r9, whose key is c1 but whose command is about c2. */
    private static CouponLog logWithAForgedKey() {
        List<CommandRecord> commands = new ArrayList<>(sale().commands());
        commands.add(new LoggedCommand(0, 90, at(9), COUPON, issue("r9", "u9", couponId("c2"))));
        return LogFixture.decided(commands);
    }

    private static CommandInvalid invalid(String request) {
        return new CommandInvalid(requestId(request), COUPON, "other text", at(99));
    }

    private GuaranteeResult checkAltered(Consumer<List<CouponOutcome>> change) {
        return guarantee.check(Evidence.of(altered(sale(), change)));
    }

    private GuaranteeResult checkWithStates(Map<CouponId, CouponState> states) {
        return guarantee.check(Evidence.of(sale().withStates(states)));
    }
}
