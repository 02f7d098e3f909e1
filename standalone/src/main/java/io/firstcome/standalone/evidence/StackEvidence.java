package io.firstcome.standalone.evidence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.evidence.LogReader;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.GateConverges;
import io.firstcome.testkit.guarantee.Verdict;

/**
 * Reads what a run left behind from the servers themselves, with clients of its own: Kafka, MySQL and Redis are asked,
 * the services are not.
 */
public final class StackEvidence {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final Endpoints endpoints;

    /** @param endpoints of the stack that ran */
    public StackEvidence(Endpoints endpoints) {
        this.endpoints = endpoints;
    }

    /**
     * Everything about one coupon, once the log's decisions are complete and MySQL and the gate have had a minute at most
     * to follow. What has not followed by then is in the evidence as it is, for the guarantees to judge.
     *
     * @param answers what the clients were told
     */
    public Evidence of(CouponId coupon, List<Answer> answers) throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        CouponLog log = completeLog(coupon, deadline);
        Evidence evidence = Evidence.of(log).withAnswers(answers).withStored(stored(coupon, issued(log), deadline));
        return converged(evidence, coupon, deadline);
    }

    private CouponLog completeLog(CouponId coupon, Instant deadline) throws InterruptedException {
        LogReader reader = new LogReader(endpoints.kafka());
        CouponLog log = reader.read(coupon, PATIENCE);
        while (!log.isDecided() && Instant.now().isBefore(deadline)) {
            Thread.sleep(BETWEEN_LOOKS);
            log = reader.read(coupon, PATIENCE);
        }
        return log;
    }

    private static long issued(CouponLog log) {
        return log.decisions().stream().filter(CouponIssued.class::isInstance).distinct().count();
    }

    private StoredRows stored(CouponId coupon, long expected, Instant deadline)
            throws SQLException, InterruptedException {
        try (Connection mysql = DriverManager.getConnection(endpoints.jdbc())) {
            StoredRows rows = StoredRows.read(mysql, coupon);
            while (rows.issues().size() < expected && Instant.now().isBefore(deadline)) {
                Thread.sleep(BETWEEN_LOOKS);
                rows = StoredRows.read(mysql, coupon);
            }
            return rows;
        }
    }

    private Evidence converged(Evidence evidence, CouponId coupon, Instant deadline) throws InterruptedException {
        try (GateReader gate = new GateReader(endpoints.redis())) {
            Evidence seen = evidence.withGate(view(gate, coupon));
            while (!(new GateConverges().check(seen) instanceof Verdict.Pass) && Instant.now().isBefore(deadline)) {
                Thread.sleep(BETWEEN_LOOKS);
                seen = evidence.withGate(view(gate, coupon));
            }
            return seen;
        }
    }

    private static Map<CouponId, GateView> view(GateReader gate, CouponId coupon) {
        return gate.view(coupon).map(view -> Map.of(coupon, view)).orElse(Map.of());
    }
}
