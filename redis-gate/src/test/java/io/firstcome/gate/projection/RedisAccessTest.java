package io.firstcome.gate.projection;

import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.ChildProcess;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.ServerStartFailure;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.RedisClient;

/** The gate over TLS, and with an ACL user that has no more rights than it needs. */
class RedisAccessTest {

    /** The rights in docs/protection.md. */
    private static final String RIGHTS = "resetkeys ~fc:* -@all +ping +client|setname +select +evalsha +script|load"
            + " +type +del +unlink +hget +hset +hsetnx +hdel +hmget +hlen +hexists +zadd +zrem +zscore +zcount"
            + " +zrangebyscore +pexpire +pexpireat +pttl +time";
    private static final String STORE_PASSWORD = "changeit";

    private static EmbeddedRedis server;
    private static RedisClient admin;
    private static int tlsPort;
    private static Path trustStore;

    @BeforeAll
    static void start() throws IOException, GeneralSecurityException {
        Path directory = KafkaServer.directory("redis-tls").toAbsolutePath();
        trustStore = directory.resolve("redis.p12");
        writeKeys(directory);
        tlsPort = FreePort.pick();
        try {
            server = EmbeddedRedis.start(directory, 0, "--tls-port", String.valueOf(tlsPort), "--tls-cert-file",
                    "redis.crt", "--tls-key-file", "redis.key", "--tls-auth-clients", "no");
        } catch (ServerStartFailure e) {
            abort("this redis-server has no TLS: " + e.getMessage());
        }
        admin = RedisClient.create(server.uri());
        admin.executeCommand(command("ACL", ("SETUSER firstcome on >p@ss " + RIGHTS).split(" ")));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            admin.close();
            server.close();
        }
    }

    /** A certificate of 127.0.0.1, not of localhost. */
    private static void writeKeys(Path directory) throws IOException, GeneralSecurityException {
        ChildProcess.launch("keytool", List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1", "-alias", "redis", "-dname", "CN=redis",
                "-ext", "san=ip:127.0.0.1", "-validity", "2", "-storetype", "PKCS12", "-keystore",
                trustStore.toString(), "-storepass", STORE_PASSWORD), directory, directory.resolve("keytool.log"))
                .awaitSuccess();
        KeyStore store = KeyStore.getInstance(trustStore.toFile(), STORE_PASSWORD.toCharArray());
        write(directory.resolve("redis.crt"), "CERTIFICATE", store.getCertificate("redis").getEncoded());
        write(directory.resolve("redis.key"), "PRIVATE KEY",
                store.getKey("redis", STORE_PASSWORD.toCharArray()).getEncoded());
        // A key store with a private key is no trust store.
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("redis", store.getCertificate("redis"));
        try (var out = Files.newOutputStream(trustStore)) {
            trusted.store(out, STORE_PASSWORD.toCharArray());
        }
    }

    private static void write(Path file, String type, byte[] der) throws IOException {
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + Base64.getMimeEncoder().encodeToString(der)
                + "\n-----END " + type + "-----\n");
    }

    private static CommandArguments command(String name, String... arguments) {
        var command = new CommandArguments(
                Protocol.Command.valueOf(name));
        List.of(arguments).forEach(command::add);
        return command;
    }

    @Test
    void shouldWorkWithTheLeastRights() {
        // given
        admin.executeCommand(command("ACL", "LOG", "RESET"));

        // when
        List<AdmissionOutcome> outcomes = projectAndAdmit("redis://firstcome:p%40ss@127.0.0.1:" + server.port());

        // then
        assertThat(outcomes.getFirst()).isInstanceOf(AlreadyIssued.class);
        assertThat(outcomes.subList(1, 3)).containsOnly(new Admitted());
        assertThat((List<?>) admin.executeCommand(command("ACL", "LOG"))).isEmpty();
    }

    @Test
    void shouldTrustTheTrustStoreOfTheJvm() {
        // given
        System.setProperty("javax.net.ssl.trustStore", trustStore.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", STORE_PASSWORD);

        // when
        try {
            List<AdmissionOutcome> outcomes = projectAndAdmit("rediss://firstcome:p%40ss@127.0.0.1:" + tlsPort);

            // then
            assertThat(outcomes.getFirst()).isInstanceOf(AlreadyIssued.class);
            assertThat(problem("rediss://firstcome:p%40ss@localhost:" + tlsPort)).contains("does not answer");
        } finally {
            System.clearProperty("javax.net.ssl.trustStore");
            System.clearProperty("javax.net.ssl.trustStorePassword");
        }
        assertThat(problem("rediss://firstcome:p%40ss@127.0.0.1:" + tlsPort)).contains("does not answer");
        assertThat(problem("redis://firstcome:wrong@127.0.0.1:" + server.port())).contains("WRONGPASS")
                .doesNotContain("wrong@");
    }

    private static String problem(String uri) {
        try (var gate = gate(uri)) {
            return gate.redisProblem().orElse("");
        }
    }

    private static RedisAdmissionGate gate(String uri) {
        return new RedisAdmissionGate(new RedisSettings(URI.create(uri), 1, Duration.ofSeconds(5)),
                GateSettings.from(Map.of()), "id-1", InstantSource.system(), new SimpleMeterRegistry());
    }

    /** Everything that an ingress does in Redis. */
    private static List<AdmissionOutcome> projectAndAdmit(String uri) {
        Campaign campaign = Campaign.openForLong();
        var partition = new TopicPartition("coupon-outcomes", 0);
        var log = new LogIdentity(Map.of(partition.topic(), "id-1"));
        admin.flushAll();
        admin.set("fc:projector:offsets", "not a hash");
        admin.set("fc:{" + campaign.id() + "}:issued", "not a hash");
        try (var gate = gate(uri);
                var writer = new GateWriter(new RedisSettings(URI.create(uri), 1, Duration.ofSeconds(5)), log,
                        Duration.ofHours(1))) {
            writer.positions(List.of(partition));
            writer.advance(Map.of(), Map.of(partition, 1L));
            admin.hset("fc:projector:offsets", log.field(partition), "not a number");
            assertThat(writer.positions(List.of(partition))).isEmpty();
            var decisions = List.of(new Decision("u1", "r1", "1:0:r1", 0), new Decision("u1", "r2", "2:0:r2", 0),
                    new Decision("u2", "r3", "3:0:r3", 0), new Decision("u2", "r3", "-3", 1),
                    new Decision("u3", "r4", "", 0));
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions), Map.of()));
            writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions),
                    Map.of(campaign.couponId(), campaign.state(1, 100, 3))));
            assertThat(writer.summaries(List.of(campaign.couponId())).getFirst()).isPresent();
            assertThat(gate.redisProblem()).isEmpty();
            return List.of(admit(gate, campaign, "u1", "r1"), admit(gate, campaign, "u4", "r5"),
                    admit(gate, campaign, "u4", "r5"));
        }
    }

    private static AdmissionOutcome admit(RedisAdmissionGate gate, Campaign campaign, String user, String request) {
        return gate.admit(new AdmissionRequest(campaign.state(1, 100, 3), userId(user), requestId(request)))
                .toCompletableFuture().join();
    }
}
