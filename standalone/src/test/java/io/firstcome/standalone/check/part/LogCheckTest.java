package io.firstcome.standalone.check.part;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.CheckResult.Status;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedOutcome;

/** How long the check waits for outcomes, and what it says when they do not come. */
class LogCheckTest {

    private static final CouponLog LOG = new LogFixture().append(at(0), define("d", 5))
            .append(at(1), issue("r1", "amy")).append(at(2), issue("r2", "bob")).decided();
    private static final List<LoggedOutcome> OUTCOMES = LOG.outcomes();
    private static final Cut ALL_COMMANDS = new Cut(Map.of(0, 3L));
    private static final Duration LONG = Duration.ofSeconds(30);
    /** Long enough for a second reading on a busy machine. */
    private static final Duration SHORT = Duration.ofMillis(500);

    private final FakeLog log = new FakeLog(COUPON);

    @BeforeEach
    void append() {
        log.commands.addAll(LOG.commands());
        log.outcomes.addAll(OUTCOMES.subList(0, 2));
        log.decided.clear();
    }

    /** The offsets of a transaction may be visible before its outcomes. */
    @Test
    void shouldWaitForATransactionThatIsNotVisibleYet() throws InterruptedException {
        // given
        log.decided.add(3L);
        log.later.add(List.of());
        log.later.add(OUTCOMES.subList(2, 3));

        // when
        Map<String, CheckResult> results = check(Duration.ZERO, LONG);

        // then
        assertThat(results.values()).allMatch(result -> result.status() == Status.HELD);
    }

    @Test
    void shouldReportAnOutcomeThatDoesNotComeInTime() throws InterruptedException {
        // given
        log.decided.add(3L);

        // when
        Map<String, CheckResult> results = check(LONG, SHORT);

        // then
        assertThat(results.get("EveryAckAnswered").status()).isEqualTo(Status.VIOLATED);
        assertThat(log.readings).as("readings").isGreaterThan(1);
    }

    /** With the position of later commands another transaction could be the one that is not visible. */
    @Test
    void shouldKeepThePositionWhileAnOutcomeIsMissing() throws InterruptedException {
        // given
        log.decided.addAll(List.of(2L, 3L));
        log.outcomes.remove(1);
        log.later.add(List.of());
        log.later.add(OUTCOMES.subList(1, 2));

        // when
        Map<String, CheckResult> results = check(Duration.ZERO, LONG);

        // then
        assertThat(results.get("EveryAckAnswered").status()).isEqualTo(Status.UNKNOWN);
        assertThat(log.decided).as("positions that were not asked for").containsExactly(3L);
    }

    @Test
    void shouldWaitForCommandsThatAreNotDecidedYet() throws InterruptedException {
        // given
        log.decided.addAll(List.of(2L, 3L));
        log.later.add(List.of());
        log.later.add(OUTCOMES.subList(2, 3));

        // when
        Map<String, CheckResult> results = check(LONG, LONG);

        // then
        assertThat(results.values()).allMatch(result -> result.status() == Status.HELD);
    }

    @Test
    void shouldNotKnowAboutCommandsThatStayUndecided() throws InterruptedException {
        // given
        log.decided.add(2L);

        // when
        Map<String, CheckResult> results = check(SHORT, LONG);

        // then
        assertThat(results.get("LogOrderWins").status()).isEqualTo(Status.UNKNOWN);
        assertThat(results.get("LogOrderWins").detail()).contains("1 command that the authority has not decided");
        assertThat(results.get("NoOversell").status()).isEqualTo(Status.HELD);
    }

    private Map<String, CheckResult> check(Duration timeout, Duration transaction) throws InterruptedException {
        return new LogCheck(log, transaction).check(ALL_COMMANDS, new Deadline(timeout)).stream()
                .collect(Collectors.toMap(CheckResult::name, Function.identity()));
    }
}
