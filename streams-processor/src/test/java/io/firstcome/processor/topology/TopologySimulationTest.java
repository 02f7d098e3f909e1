package io.firstcome.processor.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.processor.issuance.Holdings;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.generator.History;
import io.firstcome.testkit.guarantee.GuaranteeReport;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.log.LoggedOutcome;

/**
 * Random histories through the real stores, with the published states. A failure prints its seed; {@code
 * -Dfirstcome.seed=N} repeats that history first, and {@code -Dfirstcome.histories=N} sets their number.
 */
class TopologySimulationTest {

    private static final int HISTORIES = Integer.getInteger("firstcome.histories", 200);
    /** One topology runs many histories, because it takes longer to create than a history takes to run. */
    private static final int HISTORIES_OF_ONE_RUN = 50;
    private static final long FIRST_SEED = Long.getLong("firstcome.seed", 1);

    @Test
    void shouldKeepEveryGuarantee() {
        for (int first = 0; first < HISTORIES; first += HISTORIES_OF_ONE_RUN) {
            try (var run = new TopologyRun()) {
                for (int i = first; i < Math.min(HISTORIES, first + HISTORIES_OF_ONE_RUN); i++) {
                    History history = History.ofOwnCoupons(FIRST_SEED + i);
                    GuaranteeReport report = Guarantees.check(Evidence.of(logOf(history, run)));
                    assertThat(report.holds()).describedAs("%s%n%s", history, report.details()).isTrue();
                }
            }
        }
    }

    private static CouponLog logOf(History history, TopologyRun run) {
        var random = new Random(history.seed());
        List<LoggedOutcome> outcomes = new ArrayList<>();
        Map<CouponId, CouponState> latest = new HashMap<>();
        for (LoggedCommand logged : history.commands()) {
            run.send(logged.appendTime(), Topic.key(logged.key()), Topics.COMMANDS.encode(logged.command()));
            for (CouponOutcome outcome : run.outcomes()) {
                outcomes.add(new LoggedOutcome(logged.partition(), outcomes.size(), outcome));
            }
            run.pass(StatePublisher.INTERVAL.dividedBy(1 + random.nextInt(4)));
            run.states().forEach(state -> keepLatest(latest, state, history));
        }
        run.pass(StatePublisher.INTERVAL);
        run.states().forEach(state -> keepLatest(latest, state, history));
        latest.values().forEach(state -> shouldStoreEveryIssue(state, run, history));
        return CouponLog.of(history.commands(), outcomes).withStates(latest);
    }

    /** A start refuses to run when these numbers differ. */
    private static void shouldStoreEveryIssue(CouponState state, TopologyRun run, History history) {
        if (state.status() == CouponStatus.ARCHIVED) {
            return;
        }
        long issued = 0;
        long held = 0;
        try (var users = run.<Holdings>store(CouponTopology.ISSUED_USERS).range(state.couponId() + "/",
                state.couponId() + "0")) {
            while (users.hasNext()) {
                Holdings user = users.next().value;
                issued += user.all().size();
                held += user.held().size();
            }
        }
        assertThat(issued).describedAs("%s: %s", history, state).isEqualTo(state.issued());
        assertThat(held).describedAs("%s: %s", history, state).isEqualTo(state.held());
    }

    /** Published states of a coupon must only get newer. */
    private static void keepLatest(Map<CouponId, CouponState> latest, CouponState state, History history) {
        CouponState before = latest.put(state.couponId(), state);
        assertThat(before == null || state.isNewerThan(before))
                .describedAs("%s: %s after %s", history, state, before).isTrue();
    }
}
