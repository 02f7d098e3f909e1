package io.firstcome.ingress.query;

import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.readmodel.coupons.CouponRegistry;

/** The coupon routes of an ingress that has not read all coupons yet. */
class StillReadingTest {

    private final CouponRegistry registry = new CouponRegistry(changed -> {});
    private final TestServer server = TestServer.with(new CouponRoutes(registry, () -> false)::addTo);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldAnswer503ToAList() {
        // when
        Reply refused = server.get("/v1/coupons");

        // then
        assertThat(refused.problem()).isEqualTo("503 unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void shouldAnswer503ForAnUnknownCoupon() {
        assertThat(server.get("/v1/coupons/c1").problem()).isEqualTo("503 unavailable");
    }

    @Test
    void shouldAnswer503ForAKnownCoupon() {
        // given
        registry.apply(couponWithStock(1));

        // when
        Reply refused = server.get("/v1/coupons/c1");

        // then
        assertThat(refused.problem()).isEqualTo("503 unavailable");
    }
}
