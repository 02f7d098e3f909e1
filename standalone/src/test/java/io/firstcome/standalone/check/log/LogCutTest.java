package io.firstcome.standalone.check.log;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.define;
import static io.firstcome.testkit.fixture.CouponFixture.definition;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.LogFixture;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.EveryAckAnswered;
import io.firstcome.testkit.guarantee.checks.LogOrderWins;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedOutcome;

/** What of a log can be compared while records are added at its end and removed at its beginning. */
class LogCutTest {

    private static final CouponId OTHER = couponId("c2");
    private static final Cut WHOLE = new Cut(Map.of(0, 0L));
    /** Offsets of both topics: 0 and 1 about c1, from 2 on about c2 and c1 in turn. */
    private static final CouponLog LOG = new LogFixture().append(at(0), define("d1", 5))
            .append(at(1), issue("r1", "amy")).append(at(2), define("d2", definition(OTHER, 5)))
            .append(at(3), issue("r2", "bob", OTHER)).append(at(4), issue("r3", "bob"))
            .append(at(5), issue("r4", "eve", OTHER)).decided();

    @Test
    void shouldNotMissTheOutcomesOfUndecidedCommands() {
        // given: the last two commands are in the log and undecided
        History history = whole(LOG.commands(), LOG.outcomes().subList(0, 4));

        // when
        CouponLog decided = history.decidedBefore(new Cut(Map.of(0, 4L)));

        // then
        assertThat(decided.commands()).hasSize(4);
        assertHolds(decided);
    }

    /** The authority committed more between the reading of its position and the reading of the outcomes. */
    @Test
    void shouldIncludeCommandsThatWereDecidedSince() {
        // given
        History history = whole(LOG.commands(), LOG.outcomes());

        // when
        CouponLog decided = history.decidedBefore(new Cut(Map.of(0, 1L)));

        // then
        assertThat(decided.commands()).hasSize(6);
        assertHolds(decided);
    }

    @Test
    void shouldMissAnOutcomeThatTheAuthorityPassed() {
        // given: no outcome of r1, although later commands are decided
        List<LoggedOutcome> outcomes = LOG.outcomes().stream().filter(it -> it.offset() != 1).toList();
        History history = whole(LOG.commands(), outcomes);

        // when
        CouponLog decided = history.decidedBefore(new Cut(Map.of(0, 6L)));

        // then
        assertThat(new EveryAckAnswered().check(Evidence.of(decided))).isInstanceOf(GuaranteeResult.Fail.class);
    }

    @Test
    void shouldCompareACouponFromItsCreationOn() {
        // given: the first two records of both topics have expired
        Cut second = new Cut(Map.of(0, 2L));
        History history = new History(LOG.commands().subList(2, 6), LOG.outcomes().subList(2, 6),
                Set.of(COUPON, OTHER), second, second);

        // when
        CouponLog decided = history.decidedBefore(new Cut(Map.of(0, 6L)));

        // then
        assertThat(history.withAllCommands()).containsExactly(OTHER);
        assertThat(history.withAllOutcomes()).containsExactly(OTHER);
        assertThat(history.allOutcomes().outcomes()).hasSize(3);
        assertThat(decided.commands()).hasSize(3);
        assertHolds(decided);
    }

    /** Commands are retained for a shorter time than outcomes. */
    @Test
    void shouldCompareTheOutcomesOfExpiredCommands() {
        // given
        History history = new History(LOG.commands().subList(3, 6), LOG.outcomes(), Set.of(COUPON, OTHER),
                new Cut(Map.of(0, 3L)), WHOLE);

        // when
        CouponLog decided = history.decidedBefore(new Cut(Map.of(0, 6L)));

        // then
        assertThat(history.withAllCommands()).isEmpty();
        assertThat(history.withAllOutcomes()).containsExactlyInAnyOrder(COUPON, OTHER);
        assertThat(history.allOutcomes().outcomes()).hasSize(6);
        assertHolds(decided);
    }

    private static History whole(List<CommandRecord> commands, List<LoggedOutcome> outcomes) {
        return new History(commands, outcomes, Set.of(COUPON, OTHER), WHOLE, WHOLE);
    }

    private static void assertHolds(CouponLog log) {
        assertThat(new EveryAckAnswered().check(Evidence.of(log))).isInstanceOf(GuaranteeResult.Pass.class);
        assertThat(new LogOrderWins().check(Evidence.of(log))).isInstanceOf(GuaranteeResult.Pass.class);
    }
}
