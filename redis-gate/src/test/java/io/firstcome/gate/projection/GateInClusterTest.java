package io.firstcome.gate.projection;

import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.RedisAdmissionGate;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisCluster;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.util.JedisClusterCRC16;

/** The gate on three nodes of a cluster, while slots move and while a node is away. */
class GateInClusterTest {

    private static final TopicPartition PARTITION = new TopicPartition("coupon-outcomes", 0);
    private static final LogIdentity LOG = new LogIdentity(Map.of(PARTITION.topic(), "id-1"));

    private static RedisCluster cluster;

    private final RedisSettings settings = new RedisSettings(URI.create(cluster.uri()), 1, Duration.ofSeconds(5));
    private final GateWriter writer = new GateWriter(settings, LOG, Duration.ofHours(1));
    private final RedisAdmissionGate gate = new RedisAdmissionGate(settings, GateSettings.from(Map.of()), LOG.id(),
            InstantSource.system(), new SimpleMeterRegistry());
    private int requests;

    @BeforeAll
    static void start() {
        cluster = RedisCluster.start();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void close() {
        gate.close();
        writer.close();
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
        assertThatThrownBy(() -> cluster.nodes().getFirst().client().eval("return 1", keys, List.of()))
                .isInstanceOf(JedisDataException.class).hasMessageContaining("same slot");
    }

    @Test
    void shouldProjectAndAdmitOnEveryNode() {
        // given
        List<Campaign> campaigns = onePerNode();

        // when
        writer.positions(List.of(PARTITION));
        write(campaigns, "1:0:r1");
        boolean advanced = writer.advance(Map.of(), Map.of(PARTITION, 4L));

        // then
        assertThat(advanced).isTrue();
        assertThat(writer.positions(List.of(PARTITION))).isEqualTo(Map.of(PARTITION, 4L));
        assertThat(campaigns).extracting(campaign -> admit(campaign, "u1"))
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(AlreadyIssued.class));
        assertThat(campaigns).extracting(campaign -> admit(campaign, "u2")).containsOnly(new Admitted());
        assertThat(campaigns).extracting(campaign -> cluster.nodeOf(key(campaign)).client().exists(key(campaign)))
                .containsOnly(true);
        assertThat(writer.summaries(campaigns.stream().map(Campaign::couponId).toList())).hasSize(3)
                .allSatisfy(summary -> assertThat(summary.orElseThrow().known()).isEqualTo(1));
    }

    @Test
    void shouldFollowASlotThatMoves() {
        // given
        Campaign campaign = onePerNode().getFirst();
        writer.positions(List.of(PARTITION));
        write(List.of(campaign), "1:0:r1");
        assertThat(admit(campaign, "u2")).isEqualTo(new Admitted());
        RedisCluster.Node from = cluster.nodeOf(key(campaign));
        RedisCluster.Node to = cluster.nodes().get((cluster.nodes().indexOf(from) + 1) % 3);

        // when
        cluster.beginMove(GateKeys.of(campaign.couponId()), from, to);
        AdmissionOutcome asked = admit(campaign, "u1");
        cluster.endMove(key(campaign), to);
        AdmissionOutcome moved = admit(campaign, "u1");

        // then
        assertThat(asked).isInstanceOf(AlreadyIssued.class);
        assertThat(moved).isInstanceOf(AlreadyIssued.class);
        await().ignoreExceptions().untilAsserted(() -> {
            write(List.of(campaign), "1:0:r1");
            assertThat(writer.summaries(List.of(campaign.couponId())).getFirst()).isPresent();
        });
        cluster.beginMove(GateKeys.of(campaign.couponId()), to, from);
        cluster.endMove(key(campaign), from);
    }

    /** Between the two the old node redirects with ASK, and after them with MOVED. */
    @Test
    void shouldProjectWhileASlotMoves() {
        // given
        Campaign campaign = onePerNode().getFirst();
        writer.positions(List.of(PARTITION));
        write(List.of(campaign), "1:0:r1");
        assertThat(admit(campaign, "u2")).isEqualTo(new Admitted());
        RedisCluster.Node from = cluster.nodeOf(key(campaign));
        RedisCluster.Node to = cluster.nodes().get((cluster.nodes().indexOf(from) + 1) % 3);

        // when
        cluster.beginMove(GateKeys.of(campaign.couponId()), from, to);
        write(List.of(campaign), "2:0:r2");
        cluster.endMove(key(campaign), to);
        write(List.of(campaign), "3:0:r3");

        // then
        assertThat(writer.summaries(List.of(campaign.couponId())).getFirst().orElseThrow().known()).isEqualTo(3);
        assertThat(writer.away()).isEmpty();
        cluster.beginMove(GateKeys.of(campaign.couponId()), to, from);
        cluster.endMove(key(campaign), from);
    }

    /** No claim has a reservation, so two of the four keys do not exist, and Redis cannot tell where they are. */
    @Test
    void shouldServeTheOtherCouponsOfANodeWhileRedisRefusesOne() {
        // given
        Campaign moving = onePerNode().getFirst();
        Campaign served = onePerNode().getFirst();
        writer.positions(List.of(PARTITION));
        write(List.of(moving, served), "1:0:r1");
        RedisCluster.Node from = cluster.nodeOf(key(moving));
        RedisCluster.Node to = cluster.nodes().get((cluster.nodes().indexOf(from) + 1) % 3);

        // when
        cluster.beginMove(GateKeys.of(moving.couponId()), from, to);

        // then
        for (int i = 0; i < 7; i++) {
            assertThat(admit(moving, "u2")).isEqualTo(new Cold());
        }
        assertThat(admit(served, "u2")).isEqualTo(new Admitted());
        write(List.of(moving, served), "2:0:r2");
        write(List.of(moving, served), "3:0:r3");
        assertThat(writer.away()).isEmpty();
        assertThat(writer.summaries(List.of(served.couponId())).getFirst().orElseThrow().known()).isEqualTo(3);
        cluster.endMove(key(moving), to);
        write(List.of(moving), "4:0:r4");
        assertThat(writer.summaries(List.of(moving.couponId())).getFirst().orElseThrow().known()).isEqualTo(2);
        cluster.beginMove(GateKeys.of(moving.couponId()), to, from);
        cluster.endMove(key(moving), from);
    }

    @Test
    void shouldNeedOnlyTheDocumentedRights() {
        // given
        cluster.nodes().forEach(node -> GateUse.allow(node.client(), " +cluster|slots +asking"));
        var use = new GateUse(new RedisSettings(URI.create(cluster.uri().replace("://", "://firstcome:p%40ss@")), 1,
                Duration.ofSeconds(5)));
        RedisCluster.Node from = cluster.nodeOf(key(use.campaign()));
        RedisCluster.Node to = cluster.nodes().get((cluster.nodes().indexOf(from) + 1) % 3);

        // when
        try (UnifiedJedis admin = settings.client(); RedisAdmissionGate limited = use.gate()) {
            use.project(admin);
            assertThat(limited.redisProblem()).isEmpty();
            assertThat(use.claim(limited, "u4", "r4")).isEqualTo(new Admitted());
            cluster.beginMove(GateKeys.of(use.campaign().couponId()), from, to);
            assertThat(use.claim(limited, "u1", "r1")).isInstanceOf(AlreadyIssued.class);
        }

        // then
        assertThat(cluster.nodes()).flatExtracting(node -> GateUse.refused(node.client()))
                .doesNotContain("firstcome");
        cluster.endMove(key(use.campaign()), to);
        cluster.beginMove(GateKeys.of(use.campaign().couponId()), to, from);
        cluster.endMove(key(use.campaign()), from);
    }

    @Test
    void shouldKeepTheOtherNodesWhenOneIsAway() {
        // given
        List<Campaign> campaigns = onePerNode();
        RedisCluster.Node positions = cluster.nodeOf(GateWriter.OFFSETS);
        List<Campaign> elsewhere = campaigns.stream().filter(it -> cluster.nodeOf(key(it)) != positions).toList();
        Campaign lost = elsewhere.getFirst();
        Campaign served = elsewhere.getLast();
        writer.positions(List.of(PARTITION));
        write(campaigns, "1:0:r1");
        assertThat(campaigns).extracting(campaign -> admit(campaign, "u2")).containsOnly(new Admitted());
        RedisCluster.Node node = cluster.nodeOf(key(lost));

        // when
        node.kill();

        // then
        try {
            for (int i = 0; i < 7; i++) {
                assertThat(admit(lost, "u3")).isEqualTo(new Unavailable());
                assertThat(admit(served, "u" + (10 + i))).isEqualTo(new Admitted());
            }
            assertThat(gate.redisProblem()).isPresent().get().asString().contains(node.name());
            assertThatThrownBy(() -> write(campaigns, "2:0:r2")).isInstanceOf(JedisException.class);
            write(campaigns, "2:0:r2");
            assertThat(writer.away()).isPresent().get().asString().contains(node.name());
            assertThat(writer.isAway(lost.couponId())).isTrue();
            assertThat(writer.isAway(served.couponId())).isFalse();
            assertThat(writer.summaries(List.of(served.couponId())).getFirst()).isPresent();
        } finally {
            node.startAgain();
            cluster.awaitComplete();
        }
        await().until(() -> admit(lost, "u4").equals(new Cold()));
        await().until(() -> {
            write(campaigns, "2:0:r2");
            return writer.away().isEmpty();
        });
        assertThat(writer.isAway(lost.couponId())).isFalse();
        assertThat(admit(lost, "u4")).isEqualTo(new Admitted());
    }

    @Test
    void shouldRecoverFromAClusterThatIsDown() {
        // given
        List<Campaign> campaigns = onePerNode();
        Campaign served = campaigns.getFirst();
        writer.positions(List.of(PARTITION));
        write(campaigns, "1:0:r1");
        assertThat(admit(served, "u2")).isEqualTo(new Admitted());
        RedisCluster.Node node = cluster.nodeOf(key(campaigns.getLast()));
        requireFullCoverage("yes");

        // when
        node.kill();

        // then
        try {
            await().until(() -> admit(served, "u3").equals(new Unavailable()));
        } finally {
            node.startAgain();
            cluster.awaitComplete();
            requireFullCoverage("no");
        }
        await().until(() -> admit(served, "u3").equals(new Admitted()));
    }

    private static void requireFullCoverage(String value) {
        cluster.nodes().forEach(node -> node.client().configSet("cluster-require-full-coverage", value));
    }

    private static String key(Campaign campaign) {
        return GateKeys.of(campaign.couponId()).getFirst();
    }

    /** In the order of the nodes. */
    private static List<Campaign> onePerNode() {
        return cluster.nodes().stream().map(node -> Stream.generate(Campaign::openForLong)
                .filter(campaign -> cluster.nodeOf(key(campaign)) == node).findFirst().orElseThrow()).toList();
    }

    private void write(List<Campaign> campaigns, String change) {
        Map<CouponId, List<Decision>> decisions = new LinkedHashMap<>();
        Map<CouponId, CouponState> states = new LinkedHashMap<>();
        for (Campaign campaign : campaigns) {
            decisions.put(campaign.couponId(), List.of(new Decision("u1", "r1", change, 0)));
            states.put(campaign.couponId(), campaign.state(1, 100, 1));
        }
        writer.write(new ProjectionBatch(decisions, states));
    }

    private AdmissionOutcome admit(Campaign campaign, String user) {
        return gate.admit(new AdmissionRequest(campaign.state(1, 100, 0), userId(user), requestId("r-" + ++requests)))
                .toCompletableFuture().join();
    }
}
