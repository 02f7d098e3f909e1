package io.firstcome.testkit.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.testkit.evidence.LoggedCommand;
import io.firstcome.testkit.fixture.LogFixture;

class HistoryTest {

    private static final int MANY = 300;

    @Test
    void shouldBringTheSameHistoryBackForASeed() {
        for (long seed = 0; seed < MANY; seed++) {
            assertThat(History.of(seed)).isEqualTo(History.of(seed));
        }
        assertThat(History.of(1).commands()).isNotEqualTo(History.of(2).commands());
        assertThat(History.of(7)).hasToString("history of seed 7 (" + History.of(7).commands().size() + " commands)");
    }

    @Test
    void shouldGiveOffsetsThatAscendOnEachPartition() {
        History.of(0, MANY).forEach(history -> {
            Map<Integer, Long> next = new HashMap<>();
            for (LoggedCommand logged : history.commands()) {
                assertThat(logged.offset()).as("%s", history)
                        .isEqualTo(next.merge(logged.partition(), 1L, Long::sum) - 1);
            }
        });
    }

    @Test
    void shouldKeepACouponOnOnePartition() {
        History.of(0, MANY).forEach(history -> {
            Map<Object, Integer> partitions = new HashMap<>();
            history.commands().forEach(logged -> assertThat(partitions.computeIfAbsent(logged.key(),
                    key -> logged.partition())).as("%s", history).isEqualTo(logged.partition()));
        });
    }

    @Test
    void shouldBringAboutEverythingThatCanBeDecided() {
        // given
        Set<Object> due = new HashSet<>(Set.of(RejectionReason.values()));
        due.addAll(Set.of(ChangeRejectionReason.values()));
        due.addAll(Set.of(CouponChanged.Change.values()));
        due.addAll(Set.of(CouponIssued.class, CommandInvalid.class));

        // when
        Stream<CouponOutcome> outcomes = History.of(0, MANY)
                .flatMap(history -> LogFixture.decided(history.commands()).decisions().stream());

        // then
        assertThat(outcomes.map(HistoryTest::what)).containsAll(due);
    }

    private static Object what(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> CouponIssued.class;
            case IssueRejected rejected -> rejected.reason();
            case CouponChanged changed -> changed.change();
            case ChangeRejected rejected -> rejected.reason();
            case CommandInvalid invalid -> CommandInvalid.class;
        };
    }

    @Test
    void shouldNowAndThenStepBackInTimeAndDeliverAgain() {
        long backward = 0;
        long again = 0;
        for (History history : History.of(0, MANY).toList()) {
            backward += stepsBack(history.commands());
            again += history.commands().size()
                    - history.commands().stream().map(LoggedCommand::command).distinct().count();
        }
        assertThat(backward).isGreaterThan(MANY);
        assertThat(again).isGreaterThan(MANY);
    }

    private static long stepsBack(List<LoggedCommand> commands) {
        long steps = 0;
        for (int i = 1; i < commands.size(); i++) {
            steps += commands.get(i).appendTime().isBefore(commands.get(i - 1).appendTime()) ? 1 : 0;
        }
        return steps;
    }
}
