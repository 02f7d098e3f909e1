package io.firstcome.gate.projection;

import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.id.CouponId;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * Every script uses keys of one slot only, because a Redis Cluster rejects a script whose keys are in several slots.
 */
class GateInClusterTest {

    private static final int SLOTS = 16_384;
    /** The nodes of a cluster talk to each other on a second port, which another program may have. */
    private static final int BUS_OFFSET = 10_000;

    private static EmbeddedRedis node;
    private static RedisClient client;

    /** The only node of a cluster. It serves every slot and still rejects a command whose keys are in two slots. */
    @BeforeAll
    static void start() {
        int port = IntStream.generate(FreePort::pick).filter(it -> isFree(it + BUS_OFFSET)).findFirst().orElseThrow();
        node = EmbeddedRedis.start(KafkaServer.directory("redis-cluster"), port, "--cluster-enabled", "yes");
        client = RedisClient.create(node.uri());
        var slots = new CommandArguments(Command.CLUSTER).add("ADDSLOTS");
        IntStream.range(0, SLOTS).forEach(slots::add);
        client.executeCommand(slots);
        await().ignoreExceptions().until(() -> client.set("ready", "yes").equals("OK"));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @AfterAll
    static void stop() {
        client.close();
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c1", "summer_sale-2026", "_",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void shouldKeepACouponInOneSlot(String coupon) {
        assertThat(GateKeys.of(new CouponId(coupon))).extracting(JedisClusterCRC16::getSlot)
                .containsOnly(JedisClusterCRC16.getSlot(coupon));
    }

    @Test
    void shouldRefuseAScriptOnTwoCoupons() {
        // given
        List<String> keys = List.of(GateKeys.of(new CouponId("c1")).getFirst(),
                GateKeys.of(new CouponId("c2")).getFirst());

        // then
        assertThatThrownBy(() -> client.eval("return 1", keys, List.of())).isInstanceOf(JedisDataException.class)
                .hasMessageContaining("same slot");
    }

    @Test
    void shouldProjectAndAdmitInACluster() {
        // given
        var settings = new RedisSettings(URI.create(node.uri()), 1, Duration.ofSeconds(30));
        Campaign one = Campaign.openForLong();
        Campaign two = Campaign.openForLong();
        var partition = new TopicPartition("coupon-outcomes", 0);
        var log = new LogIdentity(Map.of(partition.topic(), "id-1"));
        try (var writer = new GateWriter(settings, log, Duration.ofHours(1));
                var gate = new RedisAdmissionGate(settings, GateSettings.from(Map.of()), log.id(),
                        InstantSource.system(), new SimpleMeterRegistry())) {

            // when
            assertThat(writer.positions(List.of(partition))).isEmpty();
            writer.write(new ProjectionBatch(
                    Map.of(one.couponId(), List.of(new Decision("u1", "r1", "1:0:r1", 0)), two.couponId(),
                            List.of(new Decision("u1", "r2", "", 0))),
                    Map.of(one.couponId(), one.state(1, 3, 1), two.couponId(), two.state(1, 3, 0))));
            assertThat(writer.advance(Map.of(), Map.of(partition, 4L))).isTrue();

            // then
            assertThat(admit(gate, one, "u1")).isInstanceOf(AlreadyIssued.class);
            assertThat(admit(gate, two, "u1")).isEqualTo(new Admitted());
        }
    }

    private static AdmissionOutcome admit(RedisAdmissionGate gate, Campaign campaign, String user) {
        return gate.admit(new AdmissionRequest(campaign.state(1, 3, 0), userId(user), requestId("r9")))
                .toCompletableFuture().join();
    }
}
