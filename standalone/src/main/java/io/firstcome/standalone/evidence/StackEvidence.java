package io.firstcome.standalone.evidence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponId;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.evidence.LogReader;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.GateConverges;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.SinkMatches;

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
     * Everything about one coupon, once the log has settled and MySQL and the gate have had a minute at most to follow.
     * What has not followed by then is in the evidence as it is, for the guarantees to judge.
     *
     * @param answers what the clients were told
     */
    public Evidence of(CouponId coupon, List<Answer> answers) throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        CouponLog log = new LogReader(endpoints.kafka()).readSettled(coupon, PATIENCE);
        Evidence told = Evidence.of(log).withAnswers(answers);
        try (Connection mysql = DriverManager.getConnection(endpoints.jdbc());
                GateReader gate = new GateReader(endpoints.redis())) {
            Evidence stored = follow(new SinkMatches(), () -> told.withStored(StoredRows.read(mysql, coupon)),
                    deadline);
            return follow(new GateConverges(), () -> stored.withGate(view(gate, coupon)), deadline);
        }
    }

    @FunctionalInterface
    private interface Look {
        Evidence take() throws SQLException;
    }

    private static Evidence follow(Guarantee guarantee, Look look, Instant deadline)
            throws SQLException, InterruptedException {
        Evidence seen = look.take();
        while (!(guarantee.check(seen) instanceof GuaranteeResult.Pass) && Instant.now().isBefore(deadline)) {
            Thread.sleep(BETWEEN_LOOKS);
            seen = look.take();
        }
        return seen;
    }

    private static Map<CouponId, GateView> view(GateReader gate, CouponId coupon) {
        return gate.view(coupon).map(view -> Map.of(coupon, view)).orElse(Map.of());
    }
}
