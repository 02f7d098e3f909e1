package io.firstcome.readmodel;

import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.LongPredicate;

import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;
import io.firstcome.readmodel.CouponLookup.Result;
import io.firstcome.readmodel.coupons.CouponRegistry;

class CouponLookupTest {

    private final CouponRegistry registry = new CouponRegistry(_ -> {});
    private boolean current = true;
    private LongPredicate readSince = _ -> false;

    private final CouponLookup coupons = new CouponLookup(registry, new CouponCatchUp() {

        @Override
        public boolean isCurrent(CouponId couponId) {
            return current;
        }

        @Override
        public boolean isReadSince(CouponId couponId, long moment) {
            return readSince.test(moment);
        }

        @Override
        public boolean awaitReadSince(CouponId couponId, long moment, Duration timeout) {
            return isReadSince(couponId, moment);
        }
    }, Duration.ofMillis(20));

    @Test
    void shouldFindAKnownCouponAtOnce() throws Exception {
        // given
        registry.apply(couponWithStock(1));

        // when
        Result found = coupons.find(COUPON);

        // then
        assertThat(found).isEqualTo(new Result.Known(couponWithStock(1)));
        current = false;
        assertThat(coupons.find(COUPON)).isEqualTo(new Result.NotCurrent());
    }

    @Test
    void shouldNotCallACouponUndefinedThatMayBeUnread() throws Exception {
        // given: everything has been read up to now
        long now = System.nanoTime();
        readSince = moment -> moment - now <= 0;

        // when: another ingress may have read a definition since
        Result found = coupons.find(COUPON);

        // then
        assertThat(found).isEqualTo(new Result.NotCurrent());
        readSince = _ -> true;
        assertThat(coupons.find(COUPON)).isEqualTo(new Result.Undefined());
    }

    @Test
    void shouldFindACouponThatIsReadDuringTheWait() throws Exception {
        // given
        readSince = _ -> {
            registry.apply(couponWithStock(1));
            return true;
        };

        // when
        Result found = coupons.find(COUPON);

        // then
        assertThat(found).isEqualTo(new Result.Known(couponWithStock(1)));
    }
}
