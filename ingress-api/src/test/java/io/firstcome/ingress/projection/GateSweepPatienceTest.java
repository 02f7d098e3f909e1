package io.firstcome.ingress.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.ingress.admission.GateSettings;
import io.firstcome.ingress.projection.GateBatch.Decision;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.testing.Campaign;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** How long what differs may be a lag. */
class GateSweepPatienceTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration BETWEEN_POLLS = Duration.ofMillis(250);

    private final Campaign campaign = Campaign.openForLong();
    private final CouponRegistry registry = new CouponRegistry(coupon -> {});
    private final GateWriter gate = new GateWriter(REDIS.settings(),
            new ProjectedLog(Map.of("coupon-outcomes", "id-1")),
            Duration.ofHours(1));
    private final SetClock clock = new SetClock();
    private final GateSweep sweep = new GateSweep(
            new KeptCoupons(registry, () -> true, GateSettings.from(Map.of()), InstantSource.system()),
            gate.inspector(), INTERVAL, clock::currentTimeNanos, new SimpleMeterRegistry().counter("repairs"));

    @BeforeEach
    void sell() {
        gate.offsets(List.of(new TopicPartition("coupon-outcomes", 0)));
        gate.write(new GateBatch(Map.of(campaign.couponId(), List.of(new Decision("u1", "r1", "1:1767225600000:r1"))),
                Map.of(campaign.couponId(), state(1))));
        registry.learn(state(1));
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void shouldWaitForAGateThatLagsForLong() {
        // given
        registry.learn(state(2));
        assertThat(repairedWithin(Duration.ofSeconds(14))).isEmpty();

        // when
        gate.write(new GateBatch(Map.of(), Map.of(campaign.couponId(), state(2))));

        // then
        assertThat(repairedWithin(Duration.ofMinutes(2))).isEmpty();
    }

    @Test
    void shouldWaitForARegistryThatLagsForLong() {
        // given
        gate.write(new GateBatch(Map.of(), Map.of(campaign.couponId(), state(2))));
        assertThat(repairedWithin(Duration.ofSeconds(14))).isEmpty();

        // when
        registry.learn(state(2));

        // then
        assertThat(repairedWithin(Duration.ofMinutes(2))).isEmpty();
    }

    @Test
    void shouldRepairWhatNoLagWouldLeaveForSoLong() {
        // given
        Corruption.VERSION_RAISED.happenTo(REDIS.client(), campaign.couponId());

        // then
        assertThat(repairedWithin(Duration.ofSeconds(17))).containsExactly(campaign.couponId());
    }

    @ParameterizedTest
    @EnumSource(names = {"FACTS_A_TEXT", "FACTS_FOR_EVER", "FACTS_DELETED", "HOLDERS_DELETED"})
    void shouldNotWaitWhereNoLagCanBeTheReason(Corruption corruption) {
        // given
        corruption.happenTo(REDIS.client(), campaign.couponId());

        // then
        assertThat(repairedWithin(Duration.ofSeconds(5))).containsExactly(campaign.couponId());
    }

    @Test
    void shouldForgetHowFutileRepairsWereWithACouponThatEnded() {
        // given
        registry.learn(state(2));
        assertThat(repairedWithin(Duration.ofMinutes(10))).containsExactly(campaign.couponId());
        assertThat(repairedWithin(Duration.ofMinutes(1))).as("it is not tried again soon").isEmpty();

        // when
        registry.learn(new Campaign(campaign.couponId(), Instant.EPOCH, Instant.EPOCH.plusSeconds(1)).state(3, 10, 1));
        assertThat(repairedWithin(Duration.ofMinutes(1))).isEmpty();
        registry.learn(state(4));

        // then
        assertThat(repairedWithin(Duration.ofMinutes(1))).containsExactly(campaign.couponId());
    }

    private CouponState state(long version) {
        return campaign.state(version, 10, 1);
    }

    private Set<CouponId> repairedWithin(Duration time) {
        Set<CouponId> repaired = new HashSet<>();
        for (long polls = time.dividedBy(BETWEEN_POLLS); polls > 0; polls--) {
            IntStream.range(0, 5).forEach(i -> repaired.addAll(repairedByAStep()));
            clock.advance(BETWEEN_POLLS);
        }
        return repaired;
    }

    private Set<CouponId> repairedByAStep() {
        Set<CouponId> broken = sweep.step(coupon -> true);
        if (!broken.isEmpty()) {
            sweep.remove();
        }
        return broken;
    }
}
