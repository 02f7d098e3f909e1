package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.GateKeys;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;

/** Checks the memory per holder that {@code docs/gate.md} states, and prints the figures of this machine's Redis. */
class GateMemoryTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final int HOLDERS = 100_000;

    private final Campaign campaign = Campaign.openForLong();

    @ParameterizedTest
    @CsvSource({"12, 130", "36, 155"})
    void shouldTakeNoMoreMemoryPerHolderThanIsDocumented(int userIdLength, long maxBytes) {
        // given
        assumeThat(REDIS.client().info("memory")).as("the figures hold for jemalloc, the default on Linux")
                .contains("mem_allocator:jemalloc");
        try (var writer = new GateWriter(RedisSettings.from(REDIS.environment()),
                new LogIdentity(Map.of("coupon-outcomes", "id-1")),
                Duration.ofHours(1))) {
            writer.positions(List.of(new TopicPartition("coupon-outcomes", 0)));

            // when
            for (int from = 0; from < HOLDERS; from += 5000) {
                writer.write(new ProjectionBatch(Map.of(campaign.couponId(), decisions(from, userIdLength)), Map.of()));
            }
        }

        // then
        String key = GateKeys.of(campaign.couponId()).get(1);
        assertThat(REDIS.client().hlen(key)).isEqualTo(HOLDERS);
        long bytes = REDIS.client().memoryUsage(key, 1000) / HOLDERS;
        System.out.println("a holder with a user id of " + userIdLength + " characters takes " + bytes + " bytes");
        assertThat(bytes).isBetween(60L, maxBytes);
    }

    private static List<Decision> decisions(int from, int userIdLength) {
        List<Decision> decisions = new ArrayList<>();
        for (int i = from + 1; i <= from + 5000; i++) {
            String request = UUID.randomUUID().toString();
            decisions.add(
                    new Decision(("%0" + userIdLength + "d").formatted(i), request, i + ":1767225600000:" + request,
                            0));
        }
        return decisions;
    }
}
