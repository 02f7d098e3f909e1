package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.ServerStartFailure;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.KafkaServer;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.resps.AccessControlLogEntry;

/** The gate behind a sentinel, over TLS, with an ACL user of the servers and another one of the sentinel. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SentinelAccessTest {

    /** The rights in docs/protection.md. */
    private static final String SENTINEL_RIGHTS = "resetchannels &+switch-master -@all +ping +client|setname"
            + " +sentinel|get-master-addr-by-name +subscribe +unsubscribe";
    private static final String OWN_PASSWORD = "sentinel's own";

    private static final List<AutoCloseable> OPENED = new ArrayList<>();
    private static TlsFiles tls;
    private static RedisClient primary;
    private static RedisClient replica;
    private static EmbeddedRedis sentinel;
    private static String uri;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        tls = new TlsFiles(KafkaServer.directory("redis-tls"));
        int primaryPort = FreePort.pick();
        int sentinelPort = FreePort.pick();
        try {
            primary = server(tls.options(primaryPort));
        } catch (ServerStartFailure e) {
            abort("this redis-server has no TLS: " + e.getMessage());
        }
        replica = server(Stream.concat(tls.options(FreePort.pick()), Stream.of("--replicaof", "127.0.0.1",
                String.valueOf(primaryPort), "--masteruser", "copier", "--masterauth", "copy")));
        await().until(() -> replica.info("replication").contains("master_link_status:up"));
        List<String> lines = new ArrayList<>(tls.settings(sentinelPort));
        lines.addAll(List.of("sentinel monitor gate 127.0.0.1 " + primaryPort + " 1",
                "sentinel auth-user gate sentinel", "sentinel auth-pass gate watch",
                "sentinel down-after-milliseconds gate 1000", "sentinel failover-timeout gate 3000"));
        sentinel = opened(EmbeddedRedis.startSentinel(KafkaServer.directory("redis-sentinel"), 0, lines));
        try (var open = new Jedis("127.0.0.1", sentinel.port())) {
            await().until(() -> open.sentinelReplicas("gate").size() == 1);
            open.aclSetUser("firstcome-watch", ("on >w@tch " + SENTINEL_RIGHTS).split(" "));
            open.aclSetUser("default", "resetpass", ">" + OWN_PASSWORD);
        }
        uri = "rediss-sentinel://firstcome:p%40ss@127.0.0.1:" + sentinelPort + "/gate";
    }

    private static RedisClient server(Stream<String> options) {
        EmbeddedRedis server = opened(EmbeddedRedis.start(KafkaServer.directory("redis-tls"), 0,
                Stream.concat(options, Stream.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0"))
                        .toArray(String[]::new)));
        RedisClient admin = opened(RedisClient.create(server.uri()));
        GateUse.allow(admin, "");
        GateUse.setUser(admin, "copier on >copy +psync +replconf +ping");
        GateUse.setUser(admin,
                "sentinel on >watch allchannels +multi +slaveof +ping +exec +subscribe +config|rewrite +role"
                        + " +publish +info +client|setname +client|kill +script|kill");
        return admin;
    }

    private static <T extends AutoCloseable> T opened(T server) {
        OPENED.addFirst(server);
        return server;
    }

    @AfterAll
    static void stop() throws Exception {
        for (AutoCloseable each : OPENED) {
            each.close();
        }
    }

    @Test
    void shouldFollowAFailOverOverTlsWithTheLeastRights() {
        tls.trustDuring(() -> {
            // given
            GateUse use = use("firstcome-watch", "w@tch");
            use.project(primary);
            String requests = GateKeys.of(use.campaign().couponId()).get(3);
            try (var gate = use.gate()) {
                assertThat(use.claim(gate, "u1", "r1")).isInstanceOf(AlreadyIssued.class);
                assertThat(use.claim(gate, "u4", "r4")).isEqualTo(new Admitted());
                await().until(() -> replica.hexists(requests, "u4"));

                // when
                try (Jedis admin = ownPassword()) {
                    admin.sentinelFailover("gate");
                }

                // then
                // The sentinel closes the connections to a server that it makes the primary.
                await().ignoreExceptions().until(() -> replica.info("replication").contains("role:master"));
                await().until(() -> use.claim(gate, "u5", "r5").equals(new Admitted())
                        && replica.hexists(requests, "u5"));
                assertThat(use.claim(gate, "u1", "r1")).isInstanceOf(AlreadyIssued.class);
                assertThat(gate.redisProblem()).isEmpty();
            }
        });
        assertThat(GateUse.refused(primary)).doesNotContain("firstcome", "copier");
        assertThat(GateUse.refused(replica)).doesNotContain("firstcome", "copier");
        try (Jedis admin = ownPassword()) {
            assertThat(admin.aclLog()).extracting(AccessControlLogEntry::getUsername)
                    .doesNotContain("firstcome-watch");
        }
    }

    @Test
    void shouldTakeASentinelsOwnPassword() {
        tls.trustDuring(() -> {
            assertThat(problem("", OWN_PASSWORD)).isEmpty();
            assertThat(problem("", "")).contains("does not answer").doesNotContain("p@ss");
            assertThat(problem("firstcome-watch", "wr0ng")).contains("does not answer").doesNotContain("wr0ng");
        });
    }

    private static String problem(String user, String password) {
        try (var gate = use(user, password).gate()) {
            return gate.redisProblem().orElse("");
        }
    }

    private static GateUse use(String sentinelUser, String sentinelPassword) {
        return new GateUse(RedisSettings.from(Map.of("FIRSTCOME_REDIS_URL", uri, "FIRSTCOME_REDIS_SENTINEL_USER",
                sentinelUser, "FIRSTCOME_REDIS_SENTINEL_PASSWORD", sentinelPassword)));
    }

    private static Jedis ownPassword() {
        return new Jedis(new HostAndPort("127.0.0.1", sentinel.port()),
                DefaultJedisClientConfig.builder().password(OWN_PASSWORD).build());
    }
}
