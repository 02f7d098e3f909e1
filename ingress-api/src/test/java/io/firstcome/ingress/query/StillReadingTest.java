package io.firstcome.ingress.query;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.id.CouponId;
import io.firstcome.ingress.identity.Authentication;
import io.firstcome.ingress.identity.IdentitySettings;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.readmodel.CouponCatchUp;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.requests.RequestSettings;
import io.firstcome.readmodel.requests.RequestTracker;
import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The queries of an ingress that starts, or that is behind the log. */
class StillReadingTest {

    private static final String COUPON = "/v1/coupons/c1";
    private static final String REQUEST = COUPON + "/requests/r1";

    private final Reading reading = new Reading();
    private final CouponRegistry registry = new CouponRegistry(changed -> {});
    private final RequestTracker tracker = new RequestTracker(new RequestSettings(Duration.ofMinutes(1), 1),
            System::nanoTime, (_, _) -> {});
    private volatile boolean mayHaveUnknownClaim;
    private final TestServer server = TestServer.with(this::addRoutes);

    /** By default an ingress that has been current lately, and has not read what was committed since. */
    private static final class Reading implements CouponCatchUp {

        private volatile boolean isCurrent = true;
        private volatile boolean isRead;

        @Override
        public boolean isCurrent(CouponId couponId) {
            return isCurrent;
        }

        @Override
        public boolean isReadSince(CouponId couponId, long moment) {
            return isRead;
        }

        @Override
        public boolean awaitReadSince(CouponId couponId, long moment, Duration timeout) {
            return isRead;
        }
    }

    private void addRoutes(RoutesConfig routes) {
        var meters = new SimpleMeterRegistry();
        var settings = ProtectionSettings.from(Map.of()).within(20_000, 1_000);
        var address = new ClientAddress(settings);
        new Authentication(IdentitySettings.from(Map.of()), address, meters).addTo(routes);
        new CouponRoutes(registry, () -> reading.isCurrent, new CouponLookup(registry, reading)).addTo(routes);
        new RequestRoutes(tracker, reading, _ -> mayHaveUnknownClaim,
                new ClaimProtection(settings, false, address, meters)).addTo(routes);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldAnswer503ToAListWhileItStarts() {
        // given
        reading.isCurrent = false;

        // when
        Reply refused = server.get("/v1/coupons");

        // then
        assertThat(refused.problem()).isEqualTo("503 unavailable");
        assertThat(refused.header("Retry-After")).isEqualTo("1");
    }

    @Test
    void shouldAnswer503ForEveryCouponWhileItStarts() {
        // given
        reading.isCurrent = false;
        Reply unknown = server.get(COUPON);

        // when
        registry.apply(couponWithStock(1));

        // then
        assertThat(unknown.problem()).isEqualTo("503 unavailable");
        assertThat(server.get(COUPON).problem()).isEqualTo("503 unavailable");
    }

    /** Another ingress may have answered 201 to the definition, and 202 to the claim. */
    @Test
    void shouldNotAnswer404UntilTheLatestRecordsAreRead() {
        // given
        Reply coupon = server.get(COUPON);
        Reply request = server.get(REQUEST);

        // when
        reading.isRead = true;

        // then
        assertThat(coupon.problem()).isEqualTo("503 unavailable");
        assertThat(request.problem()).isEqualTo("503 unavailable");
        assertThat(server.get(COUPON).problem()).isEqualTo("404 unknown-coupon");
        assertThat(server.get(REQUEST).problem()).isEqualTo("404 unknown-request");
    }

    @Test
    void shouldShowWhatItKnowsWhileItLags() {
        // when
        registry.apply(couponWithStock(1));
        tracker.record(issue("r1", "u1"), at(1));

        // then
        assertThat(server.get(COUPON).status()).isEqualTo(200);
        assertThat(server.get(REQUEST).get("status")).isEqualTo("PENDING");
    }

    @Test
    void shouldNotAnswer404WhileAnUnknownClaimMayBeUndecided() {
        // given
        reading.isRead = true;
        mayHaveUnknownClaim = true;

        // when
        tracker.record(issue("r2", "u2"), at(2));

        // then
        assertThat(server.get(REQUEST).problem()).isEqualTo("503 unavailable");
        assertThat(server.get(REQUEST).header("Retry-After")).isEqualTo("1");
        assertThat(server.get(COUPON + "/requests/r2").get("status")).isEqualTo("PENDING");
    }
}
