package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

@ExtendWith(KafkaServer.class)
class GateExpiryTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final Map<String, String> ENVIRONMENT = Map.of("FIRSTCOME_GATE_RETENTION_MS", "1000",
            "FIRSTCOME_RESERVATION_MS", "2000", "FIRSTCOME_CLOCK_SKEW_MS", "100");

    private final Campaign open = Campaign.openForLong();

    @Test
    void shouldDropAnEndedCouponAndNotFillIt() {
        try (var gate = TestProjector.start(REDIS, ENVIRONMENT)) {
            // given
            gate.define(open.state(1, 10, 0)).issue(open, 1, 1).awaitWarm(open, 1);
            Campaign ending = Campaign.between(Instant.EPOCH,
                    Instant.now().plusSeconds(3).truncatedTo(ChronoUnit.MILLIS));
            gate.define(ending.state(1, 10, 0)).issue(ending, 1, 1).awaitWarm(ending, 1);
            AdmissionOutcome reserved = gate.claim(ending, "u9");
            List<String> keys = GateKeys.of(ending.couponId());
            List<Long> expiries = keys.stream().map(REDIS.client()::pttl).toList();
            await().until(() -> REDIS.client().exists(keys.toArray(String[]::new)) == 0);

            // when
            REDIS.client().flushAll();

            // then
            gate.awaitWarm(open, 1);
            assertThat(reserved).isEqualTo(new Admitted());
            assertThat(expiries).allSatisfy(left -> assertThat(left).isPositive());
            assertThat(Instant.now()).isAfter(ending.closesAt());
            await().during(Duration.ofSeconds(1)).until(() -> REDIS.client().exists(keys.toArray(String[]::new)) == 0);
        }
    }

    @Test
    void shouldForgetTheHoldersOfAnArchivedCouponAndRejectEveryClaim() {
        try (var gate = TestProjector.start(REDIS, ENVIRONMENT)) {
            // given
            gate.define(open.state(1, 10, 0)).issue(open, 1, 3).awaitWarm(open, 3);
            gate.define(open.state(2, CouponStatus.CLOSED, 10, 3));
            await().untilAsserted(() -> assertThat(gate.facts(open)).containsEntry("status", "CLOSED"));

            // when
            gate.define(open.state(3, CouponStatus.ARCHIVED, 10, 3));

            // then
            String holders = GateKeys.of(open.couponId()).get(1);
            await().until(() -> !REDIS.client().exists(holders));
            assertThat(gate.facts(open)).containsEntry("status", "ARCHIVED").containsEntry("issued", "3");
            assertThat(gate.claim(open, "u1")).as("of a holder").isEqualTo(ended());
            assertThat(gate.claim(open, "u9")).isEqualTo(ended());
            await("the holders stay away").during(Duration.ofSeconds(1)).until(() -> !REDIS.client().exists(holders));
        }
    }

    private static Rejected ended() {
        return Rejected.of(RejectionReason.ENDED);
    }

    @Test
    void shouldKeepACouponThatIsClosedEarlyUntilItsEnd() {
        try (var gate = TestProjector.start(REDIS, ENVIRONMENT)) {
            // given
            gate.define(open.state(1, 10, 0)).issue(open, 1, 1);

            // when
            gate.define(open.state(2, CouponStatus.CLOSED, 10, 1));

            // then
            gate.awaitWarm(open, 1);
            await().untilAsserted(() -> assertThat(gate.facts(open)).containsEntry("status", "CLOSED"));
            Instant end = open.closesAt().plusSeconds(1);
            assertThat(GateKeys.of(open.couponId()).subList(0, 2)).allSatisfy(
                    key -> assertThat(Instant.now().plusMillis(REDIS.client().pttl(key)))
                            .isBetween(end.minusSeconds(60), end.plusSeconds(60)));
        }
    }
}
