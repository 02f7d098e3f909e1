package io.firstcome.ingress.query;

import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.readmodel.coupons.CouponRegistry;

/** An ingress that has just started and has not read all coupons yet. */
class StillReadingTest {

    private final CouponRegistry registry = new CouponRegistry(moved -> {});
    private final TestServer server = TestServer.with(new CouponRoutes(registry, () -> false)::addTo);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldNotCallAListCompleteThatMayNotBe() {
        // when
        Reply refused = server.get("/v1/coupons");

        // then
        assertThat(refused.problem()).isEqualTo("503 unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void shouldNotCallACouponUnknownThatMayComeYet() {
        assertThat(server.get("/v1/coupons/c1").problem()).isEqualTo("503 unavailable");
    }

    @Test
    void shouldNotShowWhatMayHaveChangedSince() {
        // given
        registry.apply(couponWithStock(1));

        // when
        Reply refused = server.get("/v1/coupons/c1");

        // then
        assertThat(refused.problem()).isEqualTo("503 unavailable");
    }
}
