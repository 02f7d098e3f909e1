package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.GateData;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;

/** What the projector writes from the log alone: the coupon directory does not know the coupons of these tests. */
@ExtendWith(KafkaServer.class)
class GateProjectorTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final Instant SOON = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);

    private static TestProjector gate;
    private static LogWriter log;

    private final Campaign campaign = Campaign.openForLong();

    @BeforeAll
    static void start() {
        gate = TestProjector.start(REDIS, Map.of());
        log = gate.log();
    }

    @AfterAll
    static void stop() {
        gate.close();
    }

    @BeforeEach
    void awaitPositions() {
        gate.awaitPositions();
    }

    @Test
    void shouldWriteFactsAndHolders() {
        // when
        log.write(campaign.state(1, 3, 0)).write(campaign.issued("r1", "u1", 1));

        // then
        awaitHolders(campaign, Map.of("u1", "1:1767225600000:r1"));
        await().untilAsserted(
                () -> assertThat(facts(campaign)).isEqualTo(Map.of("log", gate.logIdentity().id(), "version", "1",
                        "status", "ACTIVE", "stock", "3", "issued", "1", "revoked", "0", "perUser", "1", "reclaim",
                        "true", "opensAt", "1767225600000", "closesAt", "3976214400000")));
    }

    @Test
    void shouldWriteTheStateOfACouponChange() {
        // when
        log.write(new CouponChanged(new RequestId("a1"), Change.CREATED, campaign.state(1, 3, 0), Instant.EPOCH));

        // then
        await().untilAsserted(() -> assertThat(facts(campaign)).containsEntry("version", "1"));
    }

    @Test
    void shouldIgnoreOlderFacts() {
        // when
        log.write(campaign.state(2, CouponStatus.PAUSED, 5, 0), campaign.state(1, 3, 3), campaign.state(2, 9, 0));

        // then
        awaitProjected();
        assertThat(facts(campaign)).containsEntry("version", "2").containsEntry("status", "PAUSED")
                .containsEntry("stock", "5");
    }

    @Test
    void shouldKeepTheCountWhenAStateArrivesLate() {
        // given
        log.write(campaign.state(1, 3, 0)).write(campaign.issued("r1", "u1", 1), campaign.issued("r2", "u2", 2));
        await().untilAsserted(() -> assertThat(facts(campaign)).containsEntry("issued", "2"));

        // when
        log.write(campaign.state(2, 9, 1));

        // then
        await().untilAsserted(() -> assertThat(facts(campaign)).containsEntry("version", "2")
                .containsEntry("issued", "2"));
    }

    @Test
    void shouldFreeOnlyTheReservationOfADecidedRequest() {
        // given
        new GateData(REDIS.client(), campaign.couponId()).reservation("u1", "r1", SOON).reservation("u2", "r2", SOON)
                .reservation("u3", "r3", SOON);

        // when
        log.write(campaign.issued("r1", "u1", 1), campaign.rejected("r2", "u2", RejectionReason.SOLD_OUT),
                campaign.rejected("older", "u3", RejectionReason.SOLD_OUT));

        // then
        awaitProjected();
        assertThat(REDIS.client().zrange(key(campaign, "inflight"), 0, -1)).containsExactly("u3");
        assertThat(REDIS.client().hgetAll(key(campaign, "requests"))).isEqualTo(Map.of("u3", "r3"));
    }

    @Test
    void shouldContinueFromTheOldPositionOfAnOldCopy() {
        // given
        log.write(campaign.state(1, 3, 0)).write(campaign.issued("r1", "u1", 1));
        awaitHolders(campaign, Map.of("u1", "1:1767225600000:r1"));
        awaitProjected();
        Map<String, byte[]> copy = copyOfRedis();
        log.write(campaign.issued("r2", "u2", 2));
        awaitProjected();

        // when
        replaceRedisBy(copy);

        // then
        awaitHolders(campaign, Map.of("u1", "1:1767225600000:r1", "u2", "2:1767225600000:r2"));
    }

    @Test
    void shouldLoadTheScriptsAgain() {
        // given
        awaitProjected();

        // when
        REDIS.client().scriptFlush("any");
        log.write(campaign.issued("r1", "u1", 1));

        // then
        awaitHolders(campaign, Map.of("u1", "1:1767225600000:r1"));
    }

    @Test
    void shouldContinueWhenRedisHasHung() {
        // given
        awaitProjected();
        double failures = gate.failures();

        // when
        REDIS.pause();
        try {
            log.write(campaign.issued("r1", "u1", 1));
            await().until(() -> gate.failures() > failures);
        } finally {
            REDIS.resume();
        }

        // then
        awaitHolders(campaign, Map.of("u1", "1:1767225600000:r1"));
    }

    @Test
    void shouldShareThePartitionsOfTheGroup() {
        // given
        List<Campaign> campaigns = IntStream.range(0, 10).mapToObj(i -> Campaign.openForLong()).toList();
        try (TestProjector second = gate.startAnother()) {
            await("partitions of the second instance").until(() -> {
                gate.markEveryPartition();
                return second.hasConsumedRecords();
            });
            campaigns.forEach(it -> log.write(it.issued("r1", "u1", 1)));
            campaigns.forEach(it -> awaitHolders(it, Map.of("u1", "1:1767225600000:r1")));
        }

        // when
        campaigns.forEach(it -> log.write(it.issued("r2", "u2", 2)));

        // then
        campaigns.forEach(it -> awaitHolders(it, Map.of("u1", "1:1767225600000:r1", "u2", "2:1767225600000:r2")));
    }

    @Test
    void shouldLetACouponExpireADayAfterItCloses() {
        // given
        Campaign ending = Campaign.between(SOON.minus(1, ChronoUnit.DAYS), SOON);

        // when
        log.write(ending.state(1, 3, 0)).write(ending.issued("r1", "u1", 1));

        // then
        awaitProjected();
        long leftMillis = Duration.between(Instant.now(), SOON.plus(1, ChronoUnit.DAYS)).toMillis();
        assertThat(REDIS.client().pttl(key(ending, "facts"))).isBetween(leftMillis - 60_000, leftMillis + 60_000);
        assertThat(REDIS.client().pttl(key(ending, "issued"))).isBetween(leftMillis - 60_000, leftMillis + 60_000);
    }

    @Test
    void shouldLetACouponThatEndedLongAgoExpire() {
        // given
        Campaign past = Campaign.between(Instant.EPOCH, Instant.EPOCH.plusSeconds(1));

        // when
        log.write(past.state(1, 3, 0));
        awaitProjected();
        log.write(past.issued("r1", "u1", 1));
        awaitProjected();

        // then
        assertThat(REDIS.client().pttl(key(past, "facts"))).as("the key expires").isPositive();
        assertThat(REDIS.client().pttl(key(past, "issued"))).as("the key expires").isPositive();
    }

    @Test
    void shouldDropTheDataOfAnotherLog() {
        // given
        new GateData(REDIS.client(), campaign.couponId()).facts("another-log", campaign.state(7, 1, 1))
                .holder("old-holder", 1, Instant.EPOCH, "r0");

        // when
        log.write(campaign.issued("r1", "u1", 1)).write(campaign.state(1, 3, 1));

        // then
        await().untilAsserted(() -> assertThat(facts(campaign)).containsEntry("version", "1")
                .containsEntry("log", gate.logIdentity().id()));
        assertThat(REDIS.client().hkeys(key(campaign, "issued"))).doesNotContain("old-holder");
    }

    @Test
    void shouldSkipRecordsThatCannotBeDecoded() {
        // when
        log.writeGarbage(Topics.OUTCOMES, campaign.id()).write(campaign.issued("r1", "u1", 1));

        // then
        awaitHolders(campaign, Map.of("u1", "1:1767225600000:r1"));
        assertThat(gate.count(Meters.GATE_RECORDS_INVALID)).isPositive();
    }

    /** Returns when the projector has written a later record of every partition, and so all records before. */
    private static void awaitProjected() {
        gate.markEveryPartition().forEach(mark -> await().until(() -> facts(mark).containsKey("version")
                && REDIS.client().exists(key(mark, "issued"))));
    }

    private static void awaitHolders(Campaign campaign, Map<String, String> holders) {
        await().ignoreExceptions().untilAsserted(
                () -> assertThat(REDIS.client().hgetAll(key(campaign, "issued"))).isEqualTo(holders));
    }

    private static Map<String, String> facts(Campaign campaign) {
        return REDIS.client().hgetAll(key(campaign, "facts"));
    }

    private static String key(Campaign campaign, String name) {
        return "fc:{" + campaign.couponId() + "}:" + name;
    }

    private static Map<String, byte[]> copyOfRedis() {
        Map<String, byte[]> copy = new HashMap<>();
        for (String key : REDIS.client().keys("*")) {
            byte[] value = REDIS.client().dump(key);
            if (value != null) {
                copy.put(key, value);
            }
        }
        return copy;
    }

    /** Replaces the data in one transaction, because the projector writes at the same time. */
    private static void replaceRedisBy(Map<String, byte[]> copy) {
        try (var transaction = REDIS.client().multi()) {
            transaction.sendCommand(Command.FLUSHALL, new String[0]);
            copy.forEach((key, value) -> transaction.restore(key, 0, value));
            assertThat(transaction.exec()).hasSize(1 + copy.size()).noneMatch(JedisDataException.class::isInstance);
        }
    }
}
