package io.firstcome.processor.issuance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.generator.History;
import io.firstcome.testkit.guarantee.GuaranteeReport;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.log.LoggedOutcome;

/**
 * Thousands of short random histories. A failure prints its seed; {@code -Dfirstcome.seed=N} repeats that history
 * first.
 */
class IssuanceSimulationTest {

    private static final int HISTORIES = 10_000;
    private static final long FIRST_SEED = Long.getLong("firstcome.seed", 1);

    @Test
    void shouldKeepEveryGuarantee() {
        History.of(FIRST_SEED, HISTORIES).forEach(history -> {
            GuaranteeReport report = Guarantees.check(Evidence.of(logOf(history, decide(history))));
            assertThat(report.holds()).describedAs("%s%n%s", history, report.details()).isTrue();
        });
    }

    @Test
    void shouldDecideTheSameAfterRebuildFromOutcomes() {
        History.of(FIRST_SEED, HISTORIES).forEach(history -> {
            int restartAt = new Random(history.seed()).nextInt(history.commands().size());
            assertThat(decide(history, restartAt)).describedAs("%s, rebuilt before command %d", history, restartAt)
                    .isEqualTo(decide(history));
        });
    }

    @Test
    void shouldFoldOutcomesToTheDecidingState() {
        History.of(FIRST_SEED, HISTORIES).forEach(history -> {
            var authority = new PolicyOverMaps();
            List<CouponOutcome> outcomes = decide(history.commands(), authority);
            assertThat(PolicyOverMaps.rebuiltFrom(outcomes)).describedAs("%s", history).isEqualTo(authority);
        });
    }

    private static List<CouponOutcome> decide(History history) {
        return decide(history.commands(), new PolicyOverMaps());
    }

    private static List<CouponOutcome> decide(History history, int cut) {
        List<CouponOutcome> outcomes = new ArrayList<>(
                decide(history.commands().subList(0, cut), new PolicyOverMaps()));
        PolicyOverMaps rebuilt = PolicyOverMaps.rebuiltFrom(outcomes);
        outcomes.addAll(decide(history.commands().subList(cut, history.commands().size()), rebuilt));
        return outcomes;
    }

    private static List<CouponOutcome> decide(List<LoggedCommand> commands, PolicyOverMaps authority) {
        return commands.stream().map(logged -> decide(logged, authority)).toList();
    }

    private static CouponOutcome decide(LoggedCommand logged, PolicyOverMaps authority) {
        return logged.key().equals(logged.command().couponId())
                ? authority.decide(logged.appendTime(), logged.command())
                : new CommandInvalid(logged.command().requestId(), logged.key(), "another key", logged.appendTime());
    }

    private static CouponLog logOf(History history, List<CouponOutcome> outcomes) {
        List<LoggedOutcome> logged = new ArrayList<>();
        for (int i = 0; i < outcomes.size(); i++) {
            logged.add(new LoggedOutcome(history.commands().get(i).partition(), i, outcomes.get(i)));
        }
        return CouponLog.of(history.commands(), logged);
    }
}
