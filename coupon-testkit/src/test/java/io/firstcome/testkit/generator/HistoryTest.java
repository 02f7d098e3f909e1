package io.firstcome.testkit.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.log.LoggedCommand;

class HistoryTest {

    private static final int COUNT = 300;

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 7, 299})
    void shouldGenerateTheSameHistoryForTheSameSeed(long seed) {
        // when
        History history = History.of(seed);

        // then
        assertThat(history).isEqualTo(History.of(seed))
                .hasToString("history of seed " + seed + " (" + history.commands().size() + " commands)");
        assertThat(history.commands()).isNotEqualTo(History.of(seed + 1).commands());
    }

    @Test
    void shouldIncreaseOffsetsByOneWithinEachPartition() {
        // when
        Stream<History> histories = History.of(0, COUNT);

        // then
        histories.forEach(history -> {
            Map<Integer, Long> next = new HashMap<>();
            for (LoggedCommand logged : history.commands()) {
                assertThat(logged.offset()).as("%s", history)
                        .isEqualTo(next.merge(logged.partition(), 1L, Long::sum) - 1);
            }
        });
    }

    @Test
    void shouldKeepACouponInOnePartition() {
        // when
        Stream<History> histories = History.of(0, COUNT);

        // then
        histories.forEach(history -> {
            Map<Object, Integer> partitions = new HashMap<>();
            history.commands().forEach(logged -> assertThat(partitions.computeIfAbsent(logged.key(),
                    _ -> logged.partition())).as("%s", history).isEqualTo(logged.partition()));
        });
    }

    @Test
    void shouldLeadToEveryKindOfOutcome() {
        // given
        Set<Object> kinds = new HashSet<>(Set.of(RejectionReason.values()));
        kinds.addAll(Set.of(ChangeRejectionReason.values()));
        kinds.addAll(Set.of(CouponChanged.Change.values()));
        kinds.addAll(Set.of(CouponIssued.class, IssueRevoked.class, CommandInvalid.class));

        // when
        Stream<CouponOutcome> outcomes = History.of(0, COUNT)
                .flatMap(history -> LogFixture.decided(history.commands()).decisions().stream());

        // then
        assertThat(outcomes.map(HistoryTest::kind)).containsAll(kinds);
    }

    private static Object kind(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued _ -> CouponIssued.class;
            case IssueRejected rejected -> rejected.reason();
            case CouponChanged changed -> changed.change();
            case ChangeRejected rejected -> rejected.reason();
            case IssueRevoked _ -> IssueRevoked.class;
            case CommandInvalid _ -> CommandInvalid.class;
        };
    }

    @Test
    void shouldSometimesStepBackInTimeAndRepeatCommands() {
        // when
        List<History> histories = History.of(0, COUNT).toList();

        // then
        assertThat(histories.stream().mapToLong(HistoryTest::backwardSteps).sum()).isGreaterThan(COUNT);
        assertThat(histories.stream().mapToLong(HistoryTest::repetitions).sum()).isGreaterThan(COUNT);
    }

    @Test
    void shouldReachEveryCaseOfRevocationsAndLimits() {
        // when
        List<List<CouponOutcome>> histories = History.of(0, COUNT)
                .map(history -> LogFixture.decided(history.commands()).decisions()).toList();

        // then
        assertThat(histories).as("a user claims again after a revocation")
                .anyMatch(all -> issues(all).anyMatch(issued -> issued.nth() > 1));
        assertThat(histories).as("a user holds three").anyMatch(all -> all.stream().anyMatch(
                outcome -> outcome instanceof IssueRejected rejected && rejected.heldSequences() != null
                        && rejected.heldSequences().size() == 3));
        assertThat(histories).as("more is issued than any stock")
                .anyMatch(all -> issues(all).anyMatch(issued -> issued.sequence() > 6));
        assertThat(histories).as("a revocation is repeated")
                .anyMatch(all -> revocations(all).distinct().count() < revocations(
                        all).count());
        assertThat(histories).as("two commands revoke one coupon").anyMatch(all -> revocations(all)
                .map(IssueRevoked::requestId).distinct().count() > revocations(all).map(IssueRevoked::claimRequestId)
                        .distinct().count());
    }

    private static Stream<CouponIssued> issues(List<CouponOutcome> outcomes) {
        return outcomes.stream().filter(CouponIssued.class::isInstance).map(CouponIssued.class::cast);
    }

    private static Stream<IssueRevoked> revocations(List<CouponOutcome> outcomes) {
        return outcomes.stream().filter(IssueRevoked.class::isInstance).map(IssueRevoked.class::cast);
    }

    @Test
    void shouldGiveAHistoryItsOwnCoupons() {
        // when
        Stream<LoggedCommand> commands = Stream.of(7L, 77L).flatMap(seed -> History.ofOwnCoupons(seed).commands()
                .stream());

        // then
        assertThat(commands.map(logged -> logged.key().value().replaceAll("c[0-9]$", ""))).containsOnly("7-", "77-");
    }

    private static long backwardSteps(History history) {
        List<LoggedCommand> commands = history.commands();
        return IntStream.range(1, commands.size())
                .filter(i -> commands.get(i).appendTime().isBefore(commands.get(i - 1).appendTime())).count();
    }

    private static long repetitions(History history) {
        return history.commands().size() - history.commands().stream().map(LoggedCommand::command).distinct().count();
    }
}
