package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.ingress.admission.AdmissionOutcome.Admitted;
import io.firstcome.ingress.admission.AdmissionRequest;
import io.firstcome.ingress.admission.GateKeys;
import io.firstcome.ingress.admission.GateSettings;
import io.firstcome.ingress.admission.RedisAdmissionGate;
import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Servers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(Servers.class)
class GateExpiryTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final Map<String, String> ENVIRONMENT = Map.of("FIRSTCOME_GATE_KEEP_MS", "1000",
            "FIRSTCOME_GATE_SWEEP_MS", "100", "FIRSTCOME_RESERVATION_MS", "5000", "FIRSTCOME_CLOCK_SKEW_MS", "100");

    private final Campaign going = Campaign.openForLong();
    private final SweptGate gate = new SweptGate(REDIS, ENVIRONMENT);

    @Test
    void shouldForgetACouponAfterItsEndAndNotBringItBack() {
        try (gate) {
            // given
            gate.write(going.state(1, 10, 0)).issue(going);
            await().ignoreExceptions().untilAsserted(() -> gate.assertTrue(going));
            Campaign ending = Campaign.between(Instant.EPOCH,
                    Instant.now().plusSeconds(10).truncatedTo(ChronoUnit.SECONDS));
            gate.write(ending.state(1, 10, 0)).issue(ending);
            await().ignoreExceptions().untilAsserted(() -> gate.assertTrue(ending));
            claim(ending);
            List<String> keys = GateKeys.of(ending.couponId());
            assertThat(keys).allSatisfy(key -> assertThat(REDIS.client().pttl(key)).isPositive());
            double repairs = gate.repairs();

            // then
            await().until(() -> REDIS.client().exists(keys.toArray(String[]::new)) == 0);
            assertThat(Instant.now()).isAfter(ending.closesAt());
            await().during(Duration.ofSeconds(1)).until(() -> REDIS.client().exists(keys.toArray(String[]::new)) == 0);
            assertThat(gate.repairs()).isEqualTo(repairs);

            // when
            REDIS.client().flushAll();

            // then
            await().ignoreExceptions().untilAsserted(() -> gate.assertTrue(going));
            await().during(Duration.ofSeconds(1)).until(() -> REDIS.client().exists(keys.toArray(String[]::new)) == 0);
        }
    }

    @Test
    void shouldKeepACouponThatIsClosedEarlyAsLongAsIfItWereOpen() {
        try (gate) {
            // when
            gate.write(going.state(1, 10, 0)).issue(going).write(going.state(2, CouponStatus.CLOSED, 10, 1));

            // then
            await().ignoreExceptions().untilAsserted(() -> gate.assertTrue(going));
            Instant end = going.closesAt().plusSeconds(1);
            GateKeys.of(going.couponId()).subList(0, 2).forEach(
                    key -> assertThat(Instant.now().plusMillis(REDIS.client().pttl(key))).isBetween(
                            end.minusSeconds(60), end.plusSeconds(60)));
        }
    }

    private void claim(Campaign ending) {
        Map<String, String> environment = new HashMap<>(REDIS.environment());
        environment.putAll(ENVIRONMENT);
        var request = new AdmissionRequest(ending.state(1, 10, 1), new UserId("u9"), new RequestId("r9"));
        try (var admission = new RedisAdmissionGate(REDIS.patientSettings(), GateSettings.from(environment),
                gate.logId(),
                InstantSource.system(), new SimpleMeterRegistry())) {
            assertThat(admission.admit(request).toCompletableFuture().join()).isEqualTo(new Admitted());
        }
    }
}
