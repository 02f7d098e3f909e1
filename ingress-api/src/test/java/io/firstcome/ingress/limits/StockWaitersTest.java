package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.id.CouponId;

class StockWaitersTest {

    private static final CouponId HOT = new CouponId("hot");
    private static final CouponId OTHER = new CouponId("other");

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 10, 100, 5_556})
    void shouldLeaveATenthToOtherCoupons(int max) {
        // given
        var waiters = new StockWaiters(max);

        // when
        int hot = joined(waiters, HOT);
        int other = joined(waiters, OTHER);

        // then
        assertThat(hot).isLessThanOrEqualTo(max - Math.max(1, max / 10));
        assertThat(other).isPositive();
        assertThat(waiters.all()).isEqualTo(hot + other).isLessThanOrEqualTo(max);
    }

    @Test
    void shouldShareEquallyOnceTwoCrowdsComeAndGo() {
        // given
        var waiters = new StockWaiters(1_000);
        joined(waiters, HOT);
        joined(waiters, OTHER);

        // when: of each coupon a wait ends and two further claims come, in turn
        for (int i = 0; i < 10_000; i++) {
            CouponId coupon = i % 2 == 0 ? HOT : OTHER;
            waiters.leave(i % 4 < 2 ? HOT : OTHER);
            waiters.tryJoin(coupon);
            waiters.tryJoin(coupon);
        }

        // then
        assertThat(waiters.of(HOT)).isCloseTo(waiters.of(OTHER), Percentage.withPercentage(10));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 10, 200, 5_000, 1_000_000})
    void shouldBeEnoughForAsManyClaimsOfOneCoupon(int claims) {
        // when
        int joined = joined(new StockWaiters(StockWaiters.enoughFor(claims)), HOT);

        // then
        assertThat(joined).isEqualTo(claims);
    }

    @Test
    void shouldLetNoneWaitWhereTheLimitIsZero() {
        assertThat(new StockWaiters(0).tryJoin(HOT)).isFalse();
    }

    private static int joined(StockWaiters waiters, CouponId coupon) {
        int count = 0;
        while (waiters.tryJoin(coupon)) {
            count++;
        }
        return count;
    }
}
