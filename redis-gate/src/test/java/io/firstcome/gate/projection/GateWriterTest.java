package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.gate.projection.GateWriter.GateSummary;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.GateData;
import io.firstcome.testing.RedisServer;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

class GateWriterTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final TopicPartition ZERO = new TopicPartition("coupon-outcomes", 0);
    private static final TopicPartition ONE = new TopicPartition("coupon-outcomes", 1);

    private static final Instant SOON = Instant.now().plus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MILLIS);

    private final Campaign campaign = Campaign.openForLong();
    private final GateWriter writer = new GateWriter(RedisSettings.from(REDIS.environment()),
            new LogIdentity(Map.of("coupon-outcomes", "id-1")), Duration.ofHours(1));

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void shouldAdvanceFromTheExpectedPositions() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L));

        // when
        boolean advanced = writer.advance(Map.of(ZERO, 5L), Map.of(ZERO, 9L, ONE, 2L));

        // then
        assertThat(advanced).isTrue();
        assertThat(writer.positions(List.of(ZERO, ONE))).isEqualTo(Map.of(ZERO, 9L, ONE, 2L));
    }

    @Test
    void shouldAdvanceNoPositionWhenOneDiffers() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L, ONE, 5L));
        writer.advance(Map.of(ONE, 5L), Map.of(ONE, 7L));

        // when
        boolean advanced = writer.advance(Map.of(ZERO, 5L, ONE, 5L), Map.of(ZERO, 6L, ONE, 6L));

        // then
        assertThat(advanced).isFalse();
        assertThat(writer.positions(List.of(ZERO, ONE))).isEqualTo(Map.of(ZERO, 5L, ONE, 7L));
    }

    @Test
    void shouldDetectALossOfRedisWithoutRecords() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L));
        REDIS.client().flushAll();

        // when
        boolean advanced = writer.advance(Map.of(ZERO, 5L), Map.of(ZERO, 5L));

        // then
        assertThat(advanced).isFalse();
        assertThat(writer.positions(List.of(ZERO))).isEmpty();
    }

    @Test
    void shouldIgnorePositionsOfADeletedTopic() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L));
        var recreated = new LogIdentity(Map.of("coupon-outcomes", "id-2"));
        try (var later = new GateWriter(RedisSettings.from(REDIS.environment()), recreated, Duration.ofHours(1))) {

            // when
            Map<TopicPartition, Long> positions = later.positions(List.of(ZERO));

            // then
            assertThat(positions).isEmpty();
        }
    }

    @Test
    void shouldIgnoreAPositionThatIsNoNumber() {
        // given
        REDIS.client().hset(GateWriter.OFFSETS, ZERO + "@id-1", "x");

        // when
        Map<TopicPartition, Long> positions = writer.positions(List.of(ZERO));

        // then
        assertThat(positions).isEmpty();
        assertThat(writer.advance(positions, Map.of(ZERO, 1L))).isTrue();
    }

    @Test
    void shouldReplaceAPositionsKeyOfAnotherType() {
        // given
        REDIS.client().set(GateWriter.OFFSETS, "text");

        // when
        Map<TopicPartition, Long> positions = writer.positions(List.of(ZERO));

        // then
        assertThat(positions).isEmpty();
        assertThat(writer.advance(positions, Map.of(ZERO, 1L))).isTrue();
    }

    @Test
    void shouldGiveUpOnAHangingRedisDuringALargeWrite() {
        // given
        writer.positions(List.of(ZERO));

        // when
        REDIS.pause();
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> writer.write(batchOf(50_000)));

        // then
        try {
            assertThat(written).failsWithin(Duration.ofSeconds(30)).withThrowableThat()
                    .withCauseInstanceOf(JedisConnectionException.class);
        } finally {
            REDIS.resume();
        }
    }

    @Test
    void shouldWriteABatchOfManyRoundTrips() {
        // given
        writer.positions(List.of(ZERO));

        // when
        writer.write(batchOf(5000));

        // then
        assertThat(REDIS.client().hlen(issued())).isEqualTo(5000);
        assertThat(REDIS.client().hgetAll(GateKeys.of(campaign.couponId()).get(0))).containsEntry("issued", "5000")
                .containsEntry("version", "1");
    }

    @Test
    void shouldReportARefusedPartAndWriteTheOthers() {
        // given
        writer.positions(List.of(ZERO));
        ProjectionBatch batch = new ProjectionBatch(new LinkedHashMap<>(), Map.of());
        batch.decisions().put(Campaign.openForLong().couponId(), List.of(new Decision("u1", "r1", "no sequence", 0)));
        batch.decisions().putAll(batchOf(1000).decisions());

        // when
        ThrowingCallable write = () -> writer.write(batch);

        // then
        assertThatThrownBy(write).isInstanceOf(JedisDataException.class);
        assertThat(REDIS.client().hlen(issued())).isEqualTo(1000);
    }

    @Test
    void shouldDropHoldersWithoutFactsBeforeADecision() {
        // given
        writer.positions(List.of(ZERO));
        REDIS.client().hset(issued(), "old-holder", "1:0:r0");

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));

        // then
        assertThat(REDIS.client().hgetAll(issued())).isEqualTo(Map.of("u1", "1:0:r1"));
    }

    @Test
    void shouldDropHoldersWithoutFactsBeforeAState() {
        // given
        writer.positions(List.of(ZERO));
        REDIS.client().hset(issued(), "old-holder", "1:0:r0");

        // when
        writer.write(state(campaign.state(1, 10, 0)));

        // then
        assertThat(REDIS.client().exists(issued())).isFalse();
    }

    @Test
    void shouldKeepReservationsWhenFactsAreMissing() {
        // given
        writer.positions(List.of(ZERO));
        new GateData(REDIS.client(), campaign.couponId()).reservation("u1", "r1", SOON).reservation("u2", "r2", SOON);

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(state(campaign.state(1, 10, 1)));

        // then
        assertThat(REDIS.client().hgetAll(key(3))).isEqualTo(Map.of("u2", "r2"));
        assertThat(REDIS.client().zrange(key(2), 0, -1)).containsExactly("u2");
    }

    @Test
    void shouldDropReservationsOfAnotherLog() {
        // given
        writer.positions(List.of(ZERO));
        new GateData(REDIS.client(), campaign.couponId()).facts("another-log", campaign.state(7, 1, 1))
                .reservation("u2", "r2", SOON);

        // when
        writer.write(state(campaign.state(1, 10, 0)));

        // then
        assertThat(REDIS.client().exists(key(2), key(3))).isZero();
        assertThat(REDIS.client().hgetAll(key(0))).containsEntry("version", "1").containsEntry("log", "id-1");
    }

    @Test
    void shouldDropReservationsOfAnotherLogWithADecision() {
        // given
        writer.positions(List.of(ZERO));
        new GateData(REDIS.client(), campaign.couponId()).facts("another-log", campaign.state(7, 1, 1))
                .reservation("u2", "r2", SOON);

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));

        // then
        assertThat(REDIS.client().exists(key(2), key(3))).isZero();
        assertThat(holders()).isEqualTo(Map.of("u1", "1:0:r1"));
    }

    @Test
    void shouldTellASequenceFromTheEndOfAnother() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(decision("u1", "r11", "11:0:r11"));

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));

        // then
        assertThat(holders()).isEqualTo(Map.of("u1", "11:0:r11,1:0:r1"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void shouldReplaceAKeyOfAnotherType(int key) {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 0)));
        REDIS.client().del(key(key));
        REDIS.client().set(key(key), "text");

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(state(campaign.state(2, 10, 1)));

        // then
        assertThat(writer.summaries(List.of(campaign.couponId()))).containsExactly(
                Optional.of(new GateSummary(2, 1, 0, 1, 0)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"issued", "revoked", "version", "closesAt"})
    void shouldReplaceAFactThatIsNoNumber(String fact) {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 0)));
        REDIS.client().hset(key(0), fact, "many");

        // when
        writer.write(state(campaign.state(2, 10, 1)));
        writer.write(decision("u1", "r1", "1:0:r1"));

        // then
        assertThat(writer.summaries(List.of(campaign.couponId()))).containsExactly(
                Optional.of(new GateSummary(2, 1, 0, 1, 0)));
    }

    @Test
    void shouldSummarizeOnlyCouponsOfThisLogWithAState() {
        // given
        writer.positions(List.of(ZERO));
        Campaign foreign = Campaign.openForLong();
        Campaign stateless = Campaign.openForLong();
        Campaign broken = Campaign.openForLong();
        writer.write(batchOf(3));
        new GateData(REDIS.client(), foreign.couponId()).facts("another-log", foreign.state(7, 1, 1));
        writer.write(new ProjectionBatch(
                Map.of(stateless.couponId(), List.of(new Decision("u1", "r1", "1:0:r1", 0))), Map.of()));
        REDIS.client().set(GateKeys.of(broken.couponId()).getFirst(), "text");

        // when
        List<Optional<GateSummary>> summaries = writer.summaries(List.of(foreign.couponId(), campaign.couponId(),
                stateless.couponId(), broken.couponId()));

        // then
        assertThat(summaries).containsExactly(Optional.empty(), Optional.of(new GateSummary(1, 3, 0, 3, 0)),
                Optional.empty(), Optional.empty());
    }

    @Test
    void shouldKeepSeveralCouponsOfOneUser() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 0)));

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(decision("u1", "r3", "3:0:r3"));
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(decision("u2", "r2", "2:0:r2"));

        // then
        assertThat(holders()).isEqualTo(Map.of("u1", "1:0:r1,3:0:r3", "u2", "2:0:r2"));
        assertThat(summary()).isEqualTo(new GateSummary(1, 3, 0, 3, 0));
    }

    @Test
    void shouldRemoveOnlyTheRevokedCoupon() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 0)));
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(decision("u1", "r2", "2:0:r2"));
        writer.write(decision("u1", "r13", "13:0:r13"));

        // when
        writer.write(revoked("u1", "r1", 1, 1));
        writer.write(revoked("u1", "r1", 1, 1));

        // then
        assertThat(holders()).isEqualTo(Map.of("u1", "2:0:r2,13:0:r13"));
        assertThat(summary()).isEqualTo(new GateSummary(1, 13, 1, 3, 1));
    }

    @Test
    void shouldForgetAUserWhoHoldsNothingMore() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 0)));
        writer.write(decision("u1", "r1", "1:0:r1"));

        // when
        writer.write(revoked("u1", "r1", 1, 1));

        // then
        assertThat(holders()).isEmpty();
        assertThat(summary()).isEqualTo(new GateSummary(1, 1, 1, 1, 1));
    }

    @Test
    void shouldNotAddAnIssueThatWasRevokedBefore() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 0)));
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(revoked("u1", "r1", 1, 1));

        // when: a page of holders that was read before the revocation is written late
        writer.write(decision("u1", "r1", "1:0:r1"));

        // then
        assertThat(holders()).isEmpty();
        assertThat(summary()).isEqualTo(new GateSummary(1, 1, 1, 1, 1));
    }

    @Test
    void shouldReadFactsOfAnEarlierRelease() {
        // given
        writer.positions(List.of(ZERO));
        new GateData(REDIS.client(), campaign.couponId()).facts("id-1", campaign.state(1, 10, 1)).holder("u1", 1,
                Instant.EPOCH, "r1");
        REDIS.client().hdel(key(0), "revoked", "perUser", "reclaim");

        // when
        writer.write(revoked("u1", "r1", 1, 1));
        writer.write(decision("u2", "r2", "2:0:r2"));

        // then
        assertThat(holders()).isEqualTo(Map.of("u2", "2:0:r2"));
        assertThat(summary()).isEqualTo(new GateSummary(1, 2, 1, 2, 1));
    }

    @Test
    void shouldTakeAStateWithMoreRevocations() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 5)));

        // when
        writer.write(state(campaign.state(1, 10, 5).withRevoked(2)));
        writer.write(state(campaign.state(1, 10, 5).withRevoked(1)));

        // then
        assertThat(REDIS.client().hgetAll(key(0))).containsEntry("issued", "5").containsEntry("revoked", "2")
                .containsEntry("perUser", "1").containsEntry("reclaim", "true");
    }

    @Test
    void shouldForgetTheHoldersOfAnArchivedCouponAndKeepItsFacts() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(batchOf(50_000));
        writer.write(revoked("u7", "a-request-with-a-long-name-7", 7, 1));

        // when
        writer.write(state(campaign.state(2, CouponStatus.ARCHIVED, 100_000, 50_000).withRevoked(1)));

        // then
        assertThat(REDIS.client().exists(issued())).isFalse();
        assertThat(REDIS.client().hgetAll(key(0))).containsEntry("status", "ARCHIVED").containsEntry("issued", "50000")
                .containsEntry("revoked", "1");
    }

    /** Outcomes are read independently of states, and again from an old position. */
    @Test
    void shouldNotKeepHoldersThatAreReadAfterTheArchiving() {
        // given
        writer.positions(List.of(ZERO));
        new GateData(REDIS.client(), campaign.couponId()).reservation("u1", "r1", SOON);
        writer.write(state(campaign.state(2, CouponStatus.ARCHIVED, 10, 2).withRevoked(1)));

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));
        writer.write(decision("u2", "r2", "2:0:r2"));
        writer.write(revoked("u2", "r2", 2, 1));

        // then
        assertThat(REDIS.client().exists(issued())).isFalse();
        assertThat(REDIS.client().exists(key(2), key(3))).as("reservations").isZero();
        assertThat(summary()).isEqualTo(new GateSummary(2, 2, 1, 0, 0));
    }

    @Test
    void shouldReplaceACountOfEntriesThatIsNoNumber() {
        // given
        writer.positions(List.of(ZERO));
        writer.write(state(campaign.state(1, 10, 1)));
        REDIS.client().hset(issued(), "#", "many");

        // when
        writer.write(decision("u1", "r1", "1:0:r1"));

        // then
        assertThat(summary()).isEqualTo(new GateSummary(1, 1, 0, 1, 0));
    }

    private ProjectionBatch decision(String user, String request, String entry) {
        return new ProjectionBatch(Map.of(campaign.couponId(), List.of(new Decision(user, request, entry, 0))),
                Map.of());
    }

    private ProjectionBatch revoked(String user, String claim, long sequence, long count) {
        return new ProjectionBatch(
                Map.of(campaign.couponId(), List.of(new Decision(user, claim, "-" + sequence, count))), Map.of());
    }

    private Map<String, String> holders() {
        Map<String, String> holders = new TreeMap<>(REDIS.client().hgetAll(issued()));
        holders.keySet().removeIf(field -> field.startsWith("#"));
        return holders;
    }

    private GateSummary summary() {
        return writer.summaries(List.of(campaign.couponId())).getFirst().orElseThrow();
    }

    private ProjectionBatch state(CouponState state) {
        return new ProjectionBatch(Map.of(), Map.of(campaign.couponId(), state));
    }

    private String issued() {
        return key(1);
    }

    private String key(int index) {
        return GateKeys.of(campaign.couponId()).get(index);
    }

    private ProjectionBatch batchOf(int count) {
        List<Decision> decisions = IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Decision("u" + i, "a-request-with-a-long-name-" + i,
                        i + ":1767225600000:a-request-with-a-long-name-" + i, 0))
                .toList();
        return new ProjectionBatch(Map.of(campaign.couponId(), decisions),
                Map.of(campaign.couponId(), campaign.state(1, 100_000, 1)));
    }
}
