package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.ServerStartFailure;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.KafkaServer;
import redis.clients.jedis.RedisClient;

/** The gate over TLS, and with an ACL user that has no more rights than it needs. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class RedisAccessTest {

    private static EmbeddedRedis server;
    private static RedisClient admin;
    private static int tlsPort;
    private static TlsFiles tls;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        Path directory = KafkaServer.directory("redis-tls");
        tls = new TlsFiles(directory);
        tlsPort = FreePort.pick();
        try {
            server = EmbeddedRedis.start(directory, 0, tls.options(tlsPort).toArray(String[]::new));
        } catch (ServerStartFailure e) {
            abort("this redis-server has no TLS: " + e.getMessage());
        }
        admin = RedisClient.create(server.uri());
        GateUse.allow(admin, "");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            admin.close();
            server.close();
        }
    }

    @Test
    void shouldWorkWithTheLeastRights() {
        // when
        List<AdmissionOutcome> outcomes = projectAndAdmit("redis://firstcome:p%40ss@127.0.0.1:" + server.port());

        // then
        assertThat(outcomes.getFirst()).isInstanceOf(AlreadyIssued.class);
        assertThat(outcomes.subList(1, 3)).containsOnly(new Admitted());
        assertThat(GateUse.refused(admin)).doesNotContain("firstcome");
    }

    @Test
    void shouldTrustTheTrustStoreOfTheJvm() {
        tls.trustDuring(() -> {
            // when
            List<AdmissionOutcome> outcomes = projectAndAdmit("rediss://firstcome:p%40ss@127.0.0.1:" + tlsPort);

            // then
            assertThat(outcomes.getFirst()).isInstanceOf(AlreadyIssued.class);
            assertThat(problem("rediss://firstcome:p%40ss@localhost:" + tlsPort)).contains("does not answer");
        });
        assertThat(problem("rediss://firstcome:p%40ss@127.0.0.1:" + tlsPort)).contains("does not answer");
        assertThat(problem("redis://firstcome:wrong@127.0.0.1:" + server.port())).contains("WRONGPASS")
                .doesNotContain("wrong@");
    }

    private static String problem(String uri) {
        try (var gate = use(uri).gate()) {
            return gate.redisProblem().orElse("");
        }
    }

    private static GateUse use(String uri) {
        return new GateUse(RedisSettings.from(Map.of("FIRSTCOME_REDIS_URL", uri)));
    }

    private static List<AdmissionOutcome> projectAndAdmit(String uri) {
        GateUse use = use(uri);
        use.project(admin);
        try (var gate = use.gate()) {
            assertThat(gate.redisProblem()).isEmpty();
            return List.of(use.claim(gate, "u1", "r1"), use.claim(gate, "u4", "r5"), use.claim(gate, "u4", "r5"));
        }
    }
}
