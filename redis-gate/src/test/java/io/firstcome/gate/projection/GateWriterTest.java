package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponId;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;

class GateWriterTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final TopicPartition ZERO = new TopicPartition("coupon-outcomes", 0);
    private static final TopicPartition ONE = new TopicPartition("coupon-outcomes", 1);

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
    void shouldMoveOffsetsOnFromWhereTheyStand() {
        // given
        assertThat(writer.advance(Map.of(), Map.of(ZERO, 5L))).isTrue();

        // then
        assertThat(writer.advance(Map.of(ZERO, 5L), Map.of(ZERO, 9L, ONE, 2L))).isTrue();
        assertThat(writer.offsets(List.of(ZERO, ONE))).isEqualTo(Map.of(ZERO, 9L, ONE, 2L));
    }

    @Test
    void shouldMoveNoneWhenOneStandsElsewhere() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L, ONE, 5L));
        writer.advance(Map.of(ONE, 5L), Map.of(ONE, 7L));

        // then
        assertThat(writer.advance(Map.of(ZERO, 5L, ONE, 5L), Map.of(ZERO, 6L, ONE, 6L))).isFalse();
        assertThat(writer.offsets(List.of(ZERO, ONE))).isEqualTo(Map.of(ZERO, 5L, ONE, 7L));
    }

    @Test
    void shouldNoticeThatRedisWasLostEvenWithNothingToWrite() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L));
        assertThat(writer.advance(Map.of(ZERO, 5L), Map.of(ZERO, 5L))).isTrue();

        // when
        REDIS.client().flushAll();

        // then
        assertThat(writer.advance(Map.of(ZERO, 5L), Map.of(ZERO, 5L))).isFalse();
        assertThat(writer.offsets(List.of(ZERO))).isEmpty();
    }

    @Test
    void shouldNotTakeTheOffsetsOfATopicThatWasMadeAnewForItsOwn() {
        // given
        writer.advance(Map.of(), Map.of(ZERO, 5L));

        // when
        try (var later = new GateWriter(RedisSettings.from(REDIS.environment()),
                new LogIdentity(Map.of("coupon-outcomes", "id-2")),
                Duration.ofHours(1))) {

            // then
            assertThat(later.offsets(List.of(ZERO))).isEmpty();
        }
    }

    @Test
    void shouldGiveUpOnARedisThatHangsHoweverMuchThereIsToWrite() {
        // given
        writer.offsets(List.of(ZERO));

        // when
        REDIS.pause();
        CompletableFuture<Void> written = CompletableFuture.runAsync(() -> writer.write(decided(50_000)));

        // then
        try {
            assertThat(written).failsWithin(Duration.ofSeconds(30)).withThrowableThat()
                    .withCauseInstanceOf(JedisConnectionException.class);
        } finally {
            REDIS.resume();
        }
    }

    @Test
    void shouldWriteAllOfABatchThatTakesManyRoundTrips() {
        // given
        writer.offsets(List.of(ZERO));

        // when
        writer.write(decided(5000));

        // then
        assertThat(REDIS.client().hlen(GateKeys.of(campaign.couponId()).get(1))).isEqualTo(5000);
        assertThat(REDIS.client().hgetAll(GateKeys.of(campaign.couponId()).get(0))).containsEntry("issued", "5000")
                .containsEntry("version", "1");
    }

    @Test
    void shouldTellOfAPartOfABatchThatWasRefusedEarlyAndWriteTheOthers() {
        // given
        writer.offsets(List.of(ZERO));
        CouponId broken = Campaign.openForLong().couponId();
        REDIS.client().set(GateKeys.of(broken).get(3), "text");
        ProjectionBatch batch = new ProjectionBatch(new LinkedHashMap<>(), Map.of());
        batch.decisions().put(broken, List.of(new Decision("u1", "r1", "")));
        batch.decisions().putAll(decided(1000).decisions());

        // then
        assertThatThrownBy(() -> writer.write(batch)).isInstanceOf(JedisDataException.class);
        assertThat(REDIS.client().hlen(GateKeys.of(campaign.couponId()).get(1))).isEqualTo(1000);
    }

    @Test
    void shouldTakeNobodyForAHolderWhoStoodThereWithoutFacts() {
        // given
        writer.offsets(List.of(ZERO));
        String holders = GateKeys.of(campaign.couponId()).get(1);
        REDIS.client().hset(holders, "stranger", "1:0:r0");

        // when
        writer.write(new ProjectionBatch(Map.of(campaign.couponId(), List.of(new Decision("u1", "r1", "1:0:r1"))),
                Map.of()));

        // then
        assertThat(REDIS.client().hgetAll(holders)).isEqualTo(Map.of("u1", "1:0:r1"));
    }

    @Test
    void shouldTakeNobodyForAHolderWhoStoodThereBeforeTheState() {
        // given
        writer.offsets(List.of(ZERO));
        String holders = GateKeys.of(campaign.couponId()).get(1);
        REDIS.client().hset(holders, "stranger", "1:0:r0");

        // when
        writer.write(new ProjectionBatch(Map.of(), Map.of(campaign.couponId(), campaign.state(1, 10, 0))));

        // then
        assertThat(REDIS.client().exists(holders)).isFalse();
    }

    private ProjectionBatch decided(int count) {
        List<Decision> decisions = IntStream.rangeClosed(1, count)
                .mapToObj(i -> new Decision("u" + i, "a-request-with-a-long-name-" + i,
                        i + ":1767225600000:a-request-with-a-long-name-" + i))
                .toList();
        return new ProjectionBatch(Map.of(campaign.couponId(), decisions),
                Map.of(campaign.couponId(), campaign.state(1, 100_000, 1)));
    }
}
