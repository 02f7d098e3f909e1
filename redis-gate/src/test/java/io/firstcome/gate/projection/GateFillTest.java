package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.topic.Topics;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

/** The gate fills the data that Redis lost of an open coupon from the authority. */
@ExtendWith(KafkaServer.class)
class GateFillTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static TestProjector gate;

    private final Campaign campaign = Campaign.openForLong();

    @BeforeAll
    static void start() {
        gate = TestProjector.start(REDIS, Map.of());
    }

    @AfterAll
    static void stop() {
        gate.close();
    }

    @BeforeEach
    void startAlone() {
        gate.forgetCoupons();
        gate.awaitPositions();
    }

    @AfterEach
    void recover() {
        gate.authority().fail(null);
        gate.authority().resume();
    }

    @Test
    void shouldFillHoldersAfterAFlush() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        Map<String, String> facts = gate.facts(campaign);

        // when
        REDIS.client().flushAll();

        // then
        gate.awaitWarm(campaign, 10);
        assertThat(gate.facts(campaign)).isEqualTo(facts);
        assertThat(gate.claim(campaign, "u7")).isInstanceOf(AlreadyIssued.class);
    }

    @Test
    void shouldFillWithoutReadingTheLogAgain() throws Exception {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        deleteAllRecords();

        // when
        REDIS.client().flushAll();

        // then
        gate.awaitWarm(campaign, 10);
    }

    @Test
    void shouldFillManyCouponsAfterAFlush() {
        // given
        List<Campaign> campaigns = IntStream.range(0, 300).mapToObj(i -> Campaign.openForLong()).toList();
        campaigns.forEach(it -> gate.define(it.state(1, 100, 0)));
        campaigns.stream().limit(20).forEach(it -> gate.issue(it, 1, 5));
        campaigns.forEach(it -> gate.awaitWarm(it, campaigns.indexOf(it) < 20 ? 5 : 0));

        // when
        REDIS.client().flushAll();

        // then
        campaigns.forEach(it -> gate.awaitWarm(it, campaigns.indexOf(it) < 20 ? 5 : 0));
        assertThat(gate.authority().requests(campaigns.getLast().couponId()))
                .as("page requests for a coupon without issues")
                .isZero();
    }

    @Test
    void shouldStayColdUntilTheLastPage() {
        // given
        gate.define(campaign.state(1, 4, 0)).issue(campaign, 1, 4).awaitWarm(campaign, 4);
        gate.authority().hold();
        REDIS.client().flushAll();

        // when
        await().until(() -> gate.facts(campaign).containsKey("version"));

        // then
        assertThat(gate.claim(campaign, "u2")).isInstanceOf(Cold.class);
        gate.authority().resume();
        gate.awaitWarm(campaign, 4);
    }

    @Test
    void shouldKeepOutcomesThatArriveDuringAFill() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        int before = gate.authority().requests(campaign.couponId());
        gate.authority().hold();
        REDIS.client().flushAll();
        await().until(() -> gate.authority().requests(campaign.couponId()) > before);

        // when
        gate.issue(campaign, 11, 12);
        await().until(() -> gate.holders(campaign).size() == 2);
        gate.authority().resume();

        // then
        gate.awaitWarm(campaign, 12);
    }

    @Test
    void shouldFillAgainWhenRedisIsKilledDuringAFill() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        int before = gate.authority().requests(campaign.couponId());
        gate.authority().hold();
        REDIS.client().flushAll();
        await().until(() -> gate.authority().requests(campaign.couponId()) > before);

        // when
        REDIS.kill();
        gate.authority().resume();
        double failures = gate.failures();
        await().until(() -> gate.failures() > failures);
        REDIS.startAgain();

        // then
        gate.awaitWarm(campaign, 10);
    }

    @Test
    void shouldFillTheRedisThatReplacesADeadOne() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);

        // when
        REDIS.kill();
        gate.issue(campaign, 11, 11);
        REDIS.startAgain();

        // then
        gate.awaitWarm(campaign, 11);
    }

    @Test
    void shouldFillWhenTheAuthorityIsBack() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        int before = gate.authority().requests(campaign.couponId());
        gate.authority().fail(new IOException("503 unavailable"));
        REDIS.client().flushAll();
        await().until(() -> gate.authority().requests(campaign.couponId()) > before + 2);

        // when
        gate.authority().fail(null);

        // then
        gate.awaitWarm(campaign, 10);
        assertThat(gate.projector().problem()).isEmpty();
    }

    @Test
    void shouldFillOtherCouponsWhileTheAuthorityDoesNotKnowOne() {
        // given
        Campaign unknown = Campaign.openForLong();
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        gate.define(unknown.state(1, 5, 5));

        // when
        REDIS.client().flushAll();

        // then
        gate.awaitWarm(campaign, 10);
        await().until(() -> gate.authority().requests(unknown.couponId()) > 1);
        assertThat(gate.claim(unknown, "u1")).isInstanceOf(Cold.class);
    }

    @Test
    void shouldIgnoreHoldersThatAreNotCommitted() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 5).awaitWarm(campaign, 5);
        gate.authority().issue(campaign.couponId(), "uncommitted", 6, "r6");

        // when
        REDIS.client().flushAll();

        // then
        gate.awaitWarm(campaign, 5);
        assertThat(gate.claim(campaign, "uncommitted")).isNotInstanceOf(AlreadyIssued.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void shouldFillACouponThatLostAKey(int key) {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);

        // when
        REDIS.client().del(GateKeys.of(campaign.couponId()).get(key));

        // then
        gate.awaitWarm(campaign, 10);
    }

    @Test
    void shouldFillACouponThatLostAHolder() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);

        // when
        REDIS.client().hdel(GateKeys.of(campaign.couponId()).get(1), "u7");

        // then
        gate.awaitWarm(campaign, 10);
    }

    @Test
    void shouldWriteALostState() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);

        // when
        gate.know(campaign.state(2, CouponStatus.PAUSED, 200, 10));

        // then
        await().untilAsserted(() -> assertThat(gate.facts(campaign)).containsEntry("version", "2")
                .containsEntry("status", "PAUSED").containsEntry("stock", "200"));
    }

    @Test
    void shouldFillACouponWhoseOutcomesHavePassedRetention() throws Exception {
        // given
        Campaign unseen = Campaign.openForLong();
        IntStream.rangeClosed(1, 10)
                .forEach(i -> gate.authority().issue(unseen.couponId(), "u" + i, i, "r" + i));
        deleteAllRecords();

        // when
        gate.know(unseen.state(1, 100, 10));

        // then
        gate.awaitWarm(unseen, 10);
    }

    @Test
    void shouldFollowFromTheEndWhenThePositionIsBeforeTheLog() throws Exception {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);
        // The end of a partition without records would be 0, which is the old position.
        gate.markEveryPartition();
        deleteAllRecords();
        Map<String, String> tooOld = new HashMap<>(REDIS.client().hgetAll(GateWriter.OFFSETS));
        tooOld.replaceAll((partition, position) -> "0");
        double fills = gate.count(Meters.GATE_FILLS);

        // when
        REDIS.client().hset(GateWriter.OFFSETS, tooOld);

        // then
        await().until(() -> gate.count(Meters.GATE_FILLS) > fills);
        await().untilAsserted(() -> assertThat(REDIS.client().hvals(GateWriter.OFFSETS)).doesNotContain("0"));
        gate.awaitWarm(campaign, 10);
    }

    @Test
    void shouldNotFillCouponsThatAreNotOpen() {
        // given
        Campaign closed = Campaign.openForLong();
        Campaign ended = Campaign.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));
        // Closed from the start: the fill after an earlier test's flush must not find it open.
        gate.define(closed.state(2, CouponStatus.CLOSED, 100, 0)).issue(closed, 1, 5);
        gate.define(ended.state(1, 100, 0)).issue(ended, 1, 5);
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);

        // when
        REDIS.client().flushAll();

        // then
        gate.awaitWarm(campaign, 10);
        await().during(Duration.ofSeconds(2)).until(() -> gate.authority().requests(closed.couponId())
                + gate.authority().requests(ended.couponId()) == 0);
    }

    @Test
    void shouldNotFillAWarmCoupon() {
        // given
        gate.define(campaign.state(1, 100, 0)).issue(campaign, 1, 10).awaitWarm(campaign, 10);

        // when
        int requests = gate.authority().requests(campaign.couponId());

        // then
        await().during(Duration.ofSeconds(2))
                .until(() -> gate.authority().requests(campaign.couponId()) == requests);
    }

    @Test
    void shouldFinishAFillOfAnotherProcess() {
        // given
        List<Campaign> campaigns = new ArrayList<>();
        IntStream.range(0, 12).forEach(i -> campaigns.add(Campaign.openForLong()));
        campaigns.forEach(it -> gate.define(it.state(1, 100, 0)).issue(it, 1, 7));
        campaigns.forEach(it -> gate.awaitWarm(it, 7));
        gate.authority().hold();
        REDIS.client().flushAll();
        await().until(() -> campaigns.stream().anyMatch(it -> gate.facts(it).containsKey("version")));

        // when
        try (TestProjector second = gate.startAnother()) {
            await().until(() -> {
                gate.markEveryPartition();
                return second.hasConsumedRecords();
            });
            gate.authority().resume();

            // then
            campaigns.forEach(it -> gate.awaitWarm(it, 7));
        }
    }

    private static void deleteAllRecords() throws Exception {
        try (Admin admin = Admin.create(KafkaServer.kafkaSettings().client())) {
            Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
            IntStream.range(0, KafkaServer.PARTITIONS)
                    .forEach(i -> latest.put(new TopicPartition(Topics.OUTCOMES.name(), i), OffsetSpec.latest()));
            Map<TopicPartition, RecordsToDelete> deletion = new HashMap<>();
            admin.listOffsets(latest).all().get().forEach(
                    (partition, end) -> deletion.put(partition, RecordsToDelete.beforeOffset(end.offset())));
            admin.deleteRecords(deletion).all().get();
        }
    }
}
