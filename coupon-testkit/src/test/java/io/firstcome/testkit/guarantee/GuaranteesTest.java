package io.firstcome.testkit.guarantee;

import static io.firstcome.testkit.guarantee.Scene.sale;
import static io.firstcome.testkit.guarantee.Scene.spoiled;
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
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.generator.History;

class GuaranteesTest {

    private static final Evidence EMPTY = Evidence.of(CouponLog.of(List.of(), List.of()));

    @Test
    void shouldPassEveryHistoryThatTheReferenceDecided() {
        History.of(1, 300).forEach(history -> {
            Evidence evidence = Scene.everythingOf(LogFixture.decided(history.commands()));
            assertThatCode(() -> Guarantees.assertAllChecked(evidence)).as("%s", history).doesNotThrowAnyException();
        });
    }

    @Test
    void shouldNotPassAHistoryWithOneThingSpoiled() {
        History.of(1, 300).forEach(history -> {
            var random = new Random(history.seed());
            CouponLog spoiled = spoiled(LogFixture.decided(history.commands()), all -> spoilOne(all, random));
            assertThat(Guarantees.check(Evidence.of(spoiled)).holds()).as("%s", history).isFalse();
        });
    }

    private static void spoilOne(List<CouponOutcome> decisions, Random random) {
        int at = random.nextInt(decisions.size());
        switch (random.nextInt(3)) {
            case 0 -> decisions.remove(at);
            case 1 -> decisions.add(decisions.get(at));
            default -> swapWithNextOfSameCoupon(decisions, at);
        }
    }

    /** Offsets are only comparable within a coupon; the last one of its coupon is dropped instead. */
    private static void swapWithNextOfSameCoupon(List<CouponOutcome> decisions, int at) {
        CouponOutcome one = decisions.get(at);
        for (int other = at + 1; other < decisions.size(); other++) {
            CouponOutcome later = decisions.get(other);
            boolean isOrdered = !(one instanceof CommandInvalid) && !(later instanceof CommandInvalid);
            if (isOrdered && later.couponId().equals(one.couponId()) && !later.equals(one)) {
                Collections.swap(decisions, at, other);
                return;
            }
        }
        decisions.remove(at);
    }

    @Test
    void shouldPrintOneAlignedLineForEach() {
        // given
        var log = spoiled(sale(), decisions -> {
            decisions.removeLast();
            decisions.removeLast();
        });

        // then
        assertThat(Guarantees.check(Evidence.of(log)).table()).isEqualToIgnoringNewLines(
                """
                        PASS  NoOversell        2 issued of 1 coupons
                        PASS  OnePerUser        2 holders, one coupon each
                        FAIL  EveryAckAnswered  c1: r3: 1 commands, 0 outcomes (and 1 more)
                        FAIL  LogOrderWins      c1: outcome 5 of 6 should be IssueRejected[requestId=r3, couponId=c1, userId=u3, \
                        reason=SOLD_OUT, decidedAt=2026-01-01T09:00:04Z, heldSequence=null, opensAt=null] and is absent
                        SKIP  SinkMatches       MySQL's rows were not collected
                        SKIP  AnswersAgree      HTTP answers were not collected
                        SKIP  GateConverges     the gate's keys were not collected""");
    }

    @Test
    void shouldPrintTheFirstFewViolationsOfABrokenOne() {
        // given
        var report = new GuaranteeReport(
                Map.of("Some", new GuaranteeResult.Fail(List.of("a", "b", "c", "d", "e", "f"))));

        // then
        assertThat(report.toString()).isEqualTo("FAIL  Some  a (and 5 more)");
        assertThat(report.details())
                .isEqualTo("FAIL  Some  a (and 5 more)\n\nSome, 6 violations:\n  a\n  b\n  c\n  d\n  e");
    }

    @Test
    void shouldThrowTheReport() {
        // given
        var broken = Evidence.of(spoiled(sale(), List::removeLast));

        // then
        assertThatThrownBy(() -> Guarantees.assertAll(broken)).isInstanceOf(AssertionError.class)
                .hasMessageContaining("FAIL  EveryAckAnswered")
                .hasMessageContaining("EveryAckAnswered, 1 violations:\n  c1: r4: 1 commands, 0 outcomes");
    }

    @Test
    void shouldNotTakeMissingEvidenceForGood() {
        assertThatCode(() -> Guarantees.assertAll(Evidence.of(sale()))).doesNotThrowAnyException();
        assertThatThrownBy(() -> Guarantees.assertAllChecked(Evidence.of(sale()))).isInstanceOf(AssertionError.class)
                .hasMessageContaining("SKIP  SinkMatches");
    }

    @Test
    void shouldNotTakeARunInWhichNothingHappenedForGood() {
        var nothing = EMPTY.withStored(new StoredRows(List.of(), List.of())).withAnswers(List.of()).withGate(Map.of());

        assertThatThrownBy(() -> Guarantees.assertAllChecked(nothing)).isInstanceOf(AssertionError.class);
    }
}
