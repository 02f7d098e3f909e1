package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.RedisServer;

class GateWriterTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final TopicPartition ZERO = new TopicPartition("coupon-outcomes", 0);
    private static final TopicPartition ONE = new TopicPartition("coupon-outcomes", 1);

    private final GateWriter writer = new GateWriter(REDIS.settings(),
            new ProjectedLog(Map.of("coupon-outcomes", "id-1")), Duration.ofHours(1));

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
        try (var later = new GateWriter(REDIS.settings(), new ProjectedLog(Map.of("coupon-outcomes", "id-2")),
                Duration.ofHours(1))) {

            // then
            assertThat(later.offsets(List.of(ZERO))).isEmpty();
        }
    }
}
