package io.firstcome.standalone.evidence;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.consumer.ConsumerConfig;

import io.firstcome.contract.id.CouponId;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.GateConverges;
import io.firstcome.testkit.guarantee.checks.SinkMatches;
import io.firstcome.testkit.log.LogReader;

/**
 * Collects the evidence of a run directly from Kafka, MySQL and Redis. It does not use the services, because they are
 * what is tested.
 */
public final class StackEvidence {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(50);

    private final Endpoints endpoints;
    private final LogReader log;

    /** @param endpoints the endpoints of a stack whose Kafka demands neither TLS nor a user */
    public StackEvidence(Endpoints endpoints) {
        this(endpoints, new KafkaConnection(endpoints.kafka()));
    }

    /**
     * @param endpoints the endpoints of the stack
     * @param kafka how to connect to its Kafka
     */
    public StackEvidence(Endpoints endpoints, KafkaConnection kafka) {
        this.endpoints = endpoints;
        Map<String, String> connection = new HashMap<>(kafka.clientSettings());
        connection.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka.bootstrap());
        this.log = new LogReader(connection);
    }

    /**
     * Collects all evidence about one coupon. Waits up to one minute until the log has settled and MySQL and the gate
     * have caught up. After that the evidence is returned as it is, and the guarantees report what is missing.
     *
     * @param answers the answers that the clients received
     */
    public Evidence of(CouponId coupon, List<Answer> answers) throws SQLException, InterruptedException {
        Instant deadline = Instant.now().plus(TIMEOUT);
        Evidence evidence = Evidence.of(log.readSettled(coupon, TIMEOUT)).withAnswers(answers);
        try (Connection mysql = DriverManager.getConnection(endpoints.jdbc());
                GateReader gate = new GateReader(endpoints.redis())) {
            Evidence withRows = awaitPass(new SinkMatches(),
                    () -> evidence.withStored(StoredRows.read(mysql, coupon)), deadline);
            return awaitPass(new GateConverges(), () -> withRows.withGate(view(gate, coupon)), deadline);
        }
    }

    @FunctionalInterface
    private interface EvidenceReader {
        Evidence read() throws SQLException;
    }

    private static Evidence awaitPass(Guarantee guarantee, EvidenceReader reader, Instant deadline)
            throws SQLException, InterruptedException {
        Evidence evidence = reader.read();
        while (!(guarantee.check(evidence) instanceof GuaranteeResult.Pass) && Instant.now().isBefore(deadline)) {
            Thread.sleep(POLL_INTERVAL);
            evidence = reader.read();
        }
        return evidence;
    }

    private static Map<CouponId, GateView> view(GateReader gate, CouponId coupon) {
        return gate.view(coupon).map(view -> Map.of(coupon, view)).orElse(Map.of());
    }
}
