package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;

class ColdCouponsTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static final Duration FILL_AFTER = Duration.ofSeconds(2);

    private final Campaign campaign = Campaign.openForLong();
    private final GateWriter gate = new GateWriter(RedisSettings.from(REDIS.environment()),
            new LogIdentity(Map.of("coupon-outcomes", "id-1")), Duration.ofHours(1));
    private long seconds = 1000;
    private final ColdCoupons cold = new ColdCoupons(gate, FILL_AFTER, () -> seconds * 1_000_000_000);

    @BeforeEach
    void empty() {
        REDIS.client().flushAll();
        gate.positions(List.of(new TopicPartition("coupon-outcomes", 0)));
    }

    @AfterEach
    void close() {
        gate.close();
    }

    @Test
    void shouldFindNoWarmCoupon() {
        // given
        write(campaign.state(1, 10, 2), 1, 2);

        // when
        List<Boolean> found = checkEverySecond(campaign.state(1, 10, 2), 5, true);

        // then
        assertThat(found).containsOnly(false);
        assertThat(cold.count()).isZero();
    }

    @Test
    void shouldFindACouponThatStaysCold() {
        // when
        List<Boolean> found = checkEverySecond(campaign.state(1, 10, 2), 3, true);

        // then
        assertThat(found).containsExactly(false, false, true);
        assertThat(cold.count()).isEqualTo(1);
    }

    @Test
    void shouldWaitLongerWhileTheProjectorLags() {
        // when
        List<Boolean> found = checkEverySecond(campaign.state(1, 10, 2), 11, false);

        // then
        assertThat(found.indexOf(true)).isEqualTo(10);
    }

    @Test
    void shouldWaitTwiceAsLongAfterAnUnsuccessfulFill() {
        // when
        List<Boolean> found = checkEverySecond(campaign.state(1, 10, 2), 200, true);

        // then
        List<Integer> fills = IntStream.range(0, 200).filter(found::get).boxed().toList();
        assertThat(fills).containsExactly(2, 6, 14, 30, 62, 122, 182);
    }

    @Test
    void shouldWaitAsLongAsTheSettingSays() {
        // given
        var patient = new ColdCoupons(gate, Duration.ofSeconds(90), () -> seconds * 1_000_000_000);
        List<Integer> found = new ArrayList<>();

        // when
        for (int second = 0; second < 200; second++) {
            seconds++;
            patient.beginPass(List.of(campaign.state(1, 10, 2)));
            if (!patient.check(true, _ -> false).isEmpty()) {
                found.add(second);
            }
        }

        // then
        assertThat(found).containsExactly(90, 180);
    }

    @Test
    void shouldNotFindACouponThatKeepsUpWithIssues() {
        // given
        List<Boolean> found = new ArrayList<>();

        // when
        for (int issued = 1; issued <= 10; issued++) {
            write(campaign.state(1, 100, 0), issued, issued);
            found.add(check(campaign.state(1, 100, issued + 1), true));
        }

        // then
        assertThat(found).containsOnly(false);
    }

    @Test
    void shouldFindAMissingHolderDuringIssues() {
        // given
        write(campaign.state(1, 100, 0), 2, 2);
        List<Boolean> found = new ArrayList<>();

        // when
        for (int issued = 3; issued <= 10; issued++) {
            write(campaign.state(1, 100, 0), issued, issued);
            found.add(check(campaign.state(1, 100, issued), true));
        }

        // then
        assertThat(found).contains(true);
    }

    @Test
    void shouldFindACouponWithAnOldVersion() {
        // given
        write(campaign.state(1, 10, 2), 1, 2);

        // when
        List<Boolean> found = checkEverySecond(campaign.state(2, 20, 2), 3, true);

        // then
        assertThat(found).containsExactly(false, false, true);
    }

    @Test
    void shouldCheckThousandsOfCouponsInSteps() {
        // given
        List<CouponState> open = IntStream.range(0, 1050).mapToObj(i -> Campaign.openForLong().state(1, 10, 0))
                .toList();
        cold.beginPass(open);
        int steps = 0;

        // when
        while (cold.isInPass()) {
            cold.check(true, _ -> false);
            steps++;
        }

        // then
        assertThat(steps).isEqualTo(11);
        assertThat(cold.count()).isEqualTo(1050);
    }

    @Test
    void shouldForgetCouponsThatAreNoLongerOpen() {
        // given
        check(campaign.state(1, 10, 2), true);

        // when
        check(Campaign.openForLong().state(1, 10, 0), true);

        // then
        assertThat(cold.count()).isEqualTo(1);
    }

    @Test
    void shouldRestartTheWaitAfterAFill() {
        // given
        checkEverySecond(campaign.state(1, 10, 2), 2, true);
        seconds++;
        cold.beginPass(List.of(campaign.state(1, 10, 2)));

        // when
        List<CouponId> whileFilling = cold.check(true, _ -> true);

        // then
        assertThat(whileFilling).isEmpty();
        assertThat(checkEverySecond(campaign.state(1, 10, 2), 2, true)).containsExactly(false, true);
    }

    private List<Boolean> checkEverySecond(CouponState committed, int times, boolean caughtUp) {
        return IntStream.range(0, times).mapToObj(i -> check(committed, caughtUp)).toList();
    }

    private boolean check(CouponState committed, boolean caughtUp) {
        seconds++;
        cold.beginPass(List.of(committed));
        return !cold.check(caughtUp, _ -> false).isEmpty();
    }

    private void write(CouponState state, int from, int to) {
        List<Decision> decisions = IntStream.rangeClosed(from, to)
                .mapToObj(i -> new Decision("u" + i, "r" + i, i + ":0:r" + i, 0)).toList();
        gate.write(new ProjectionBatch(Map.of(state.couponId(), decisions), Map.of(state.couponId(), state)));
    }
}
