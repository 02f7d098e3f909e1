package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.guarantee.SaleFixture.altered;
import static io.firstcome.testkit.guarantee.SaleFixture.sale;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.generator.History;
import io.firstcome.testkit.guarantee.checks.AnswersAgree;
import io.firstcome.testkit.guarantee.checks.EveryAckAnswered;
import io.firstcome.testkit.guarantee.checks.GateConverges;
import io.firstcome.testkit.guarantee.checks.LogOrderWins;
import io.firstcome.testkit.guarantee.checks.NoOversell;
import io.firstcome.testkit.guarantee.checks.OnePerUser;
import io.firstcome.testkit.guarantee.checks.SinkMatches;
import io.firstcome.testkit.log.CouponLog;

class GuaranteesTest {

    private static final int HISTORIES = 300;

    @Test
    void shouldPassEveryHistoryThatTheReferenceDecided() {
        History.of(1, HISTORIES).forEach(history -> {
            // given
            Evidence evidence = SaleFixture.completeEvidence(LogFixture.decided(history.commands()));

            // when
            GuaranteeReport report = Guarantees.check(evidence);

            // then
            assertThat(report.holds() && report.isComplete()).as("%s%n%s", history, report).isTrue();
        });
    }

    @Test
    void shouldFailEveryHistoryWithOneAlteredDecision() {
        History.of(1, HISTORIES).forEach(history -> {
            // given
            var random = new Random(history.seed());
            CouponLog altered = altered(LogFixture.decided(history.commands()), all -> alterOne(all, random));

            // when
            GuaranteeReport report = Guarantees.check(Evidence.of(altered));

            // then
            assertThat(report.holds()).as("%s", history).isFalse();
        });
    }

    private static void alterOne(List<CouponOutcome> decisions, Random random) {
        int index = random.nextInt(decisions.size());
        switch (random.nextInt(3)) {
            case 0 -> decisions.remove(index);
            case 1 -> decisions.add(decisions.get(index));
            default -> swapWithNextOfSameCoupon(decisions, index);
        }
    }

    /** The order is guaranteed within a coupon only, so the last decision of a coupon is removed instead. */
    private static void swapWithNextOfSameCoupon(List<CouponOutcome> decisions, int index) {
        CouponOutcome one = decisions.get(index);
        for (int other = index + 1; other < decisions.size(); other++) {
            CouponOutcome later = decisions.get(other);
            boolean isOrdered = !(one instanceof CommandInvalid) && !(later instanceof CommandInvalid);
            if (isOrdered && later.couponId().equals(one.couponId()) && !later.equals(one)) {
                Collections.swap(decisions, index, other);
                return;
            }
        }
        decisions.remove(index);
    }

    @Test
    void shouldPrintOneAlignedLineForEachGuarantee() {
        // given
        var log = altered(sale(), decisions -> {
            decisions.removeLast();
            decisions.removeLast();
        });

        // when
        GuaranteeReport report = Guarantees.check(Evidence.of(log));

        // then
        assertThat(report.table()).isEqualToIgnoringNewLines(
                """
                        PASS  NoOversell        2 issues, 1 coupon
                        PASS  OnePerUser        2 holders, one coupon each
                        FAIL  EveryAckAnswered  c1: r3: 1 commands, 0 outcomes (and 1 more)
                        FAIL  LogOrderWins      c1: outcome 5 of 6 should be IssueRejected[requestId=r3, couponId=c1, \
                        userId=u3, reason=SOLD_OUT, decidedAt=2026-01-01T09:00:04Z, heldSequence=null, \
                        opensAt=null, heldSequences=null] \
                        but is absent
                        SKIP  SinkMatches       MySQL's rows were not collected
                        SKIP  AnswersAgree      HTTP answers were not collected
                        SKIP  GateConverges     the gate's keys were not collected""");
    }

    @Test
    void shouldPrintTheFirstViolationsOfAFailedGuarantee() {
        // given
        var report = new GuaranteeReport(
                Map.of("Some", new GuaranteeResult.Fail(List.of("a", "b", "c", "d", "e", "f"))));

        // when
        String details = report.details();

        // then
        assertThat(report).hasToString("FAIL  Some  a (and 5 more)");
        assertThat(details).isEqualTo("FAIL  Some  a (and 5 more)\n\nSome, 6 violations:\n  a\n  b\n  c\n  d\n  e");
    }

    @Test
    void shouldThrowTheReport() {
        // given
        var incomplete = Evidence.of(altered(sale(), List::removeLast));

        // then
        assertThatThrownBy(() -> Guarantees.assertAll(incomplete)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("FAIL  EveryAckAnswered")
                .hasMessageContaining("EveryAckAnswered, 1 violations:\n  c1: r4: 1 commands, 0 outcomes");
    }

    @Test
    void shouldRequireEvidenceForEveryGuaranteeOnRequest() {
        // given
        Evidence logOnly = Evidence.of(sale());

        // then
        assertThatCode(() -> Guarantees.assertAll(logOnly)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Guarantees.assertAllChecked(logOnly)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("SKIP  SinkMatches");
    }

    @Test
    void shouldRequireAtLeastOneCommand() {
        // given
        Evidence empty = Evidence.of(CouponLog.of(List.of(), List.of()))
                .withStored(new StoredRows(List.of(), List.of())).withAnswers(List.of()).withGate(Map.of());

        // then
        assertThatThrownBy(() -> Guarantees.assertAllChecked(empty)).isInstanceOf(AssertionError.class);
    }
}
