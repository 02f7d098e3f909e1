package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.id.CouponId;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.GateData;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

class ClaimLimitsTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.startedBy(() -> TestIngress.with(
            Map.of("FIRSTCOME_USER_CLAIMS_PER_SECOND", "1", "FIRSTCOME_ADDRESS_CLAIMS_PER_SECOND", "2",
                    "FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", "1", "FIRSTCOME_TRUSTED_PROXIES", "127.0.0.0/8")));

    private static final RedisServer REDIS = RedisServer.shared();
    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private final TestIngress ingress = INGRESSES.one();
    private final String coupon = Campaign.openForLong().id();

    @BeforeEach
    void define() {
        ingress.define(coupon, 100);
    }

    @Test
    void shouldLimitAUserAtEveryAddress() {
        // On a slow machine permits accumulate between two claims.
        await().untilAsserted(() -> {
            // given
            claimUntilRefused("limited", "198.51.100.1");

            // when
            Reply elsewhere = claim("limited", "198.51.100.2");

            // then
            assertThat(elsewhere.problem()).isEqualTo("429 rate-limited");
            assertThat(elsewhere.json().get("violated-policies").toString()).isEqualTo("[\"user\"]");
            assertThat(elsewhere.header("Retry-After")).isEqualTo("1");
            assertThat(elsewhere.headers().allValues("RateLimit-Policy")).containsExactly("\"address\";q=4;w=2",
                    "\"user\";q=2;w=2");
            assertThat(claim("other", "198.51.100.2").status()).isEqualTo(202);
        });
    }

    @Test
    void shouldLimitAnAddressForEveryUser() {
        // when
        Reply refused = IntStream.range(0, 1000).mapToObj(i -> claim("a" + i, "198.51.100.3"))
                .filter(it -> it.status() == 429).findFirst().orElseThrow();

        // then
        assertThat(refused.json().get("violated-policies").toString()).isEqualTo("[\"address\"]");
        assertThat(claim("b1", "198.51.100.4").status()).isEqualTo(202);
    }

    @Test
    void shouldAcceptARateLimitedKeyLater() {
        // when
        claimUntilRefused("early", "198.51.100.5");

        // then
        await().untilAsserted(
                () -> assertThat(claim("early", "198.51.100.6", "Idempotency-Key", coupon + "-k").status())
                        .isIn(201, 202, 409));
    }

    @Test
    void shouldAnswer503ForTooManyConcurrentClaims() {
        REDIS.awaitFacts(coupon);
        // A claim whose user has a reservation waits a second in its place. On a slow machine the second is too short.
        await().untilAsserted(() -> {
            // given
            String user = "waiting-" + System.nanoTime();
            new GateData(REDIS.client(), new CouponId(coupon)).reservation(user, "of-another-ingress",
                    Instant.now().plusSeconds(600));
            CompletableFuture<Reply> waiting = ingress.claimAsync(coupon, user, "X-Forwarded-For", nextAddress());
            await().pollInterval(Duration.ofMillis(5)).until(() -> ingress.metric("firstcome_claims_in_flight") == 1);

            // when
            Reply refused = claim("late", nextAddress());

            // then
            assertThat(refused.problem()).isEqualTo("503 overloaded");
            assertThat(requestStatus("Prefer", "wait=0").problem()).isEqualTo("404 unknown-request");
            assertThat(ingress.get("/v1/coupons/" + coupon).status()).as("a query is no claim").isEqualTo(200);
            assertThat(waiting).isNotDone();
            assertThat(waiting.join().status()).isEqualTo(202);
        });
        await().untilAsserted(() -> assertThat(claim("late", nextAddress()).status()).isIn(201, 202, 409));
    }

    @Test
    void shouldAnswer202BeyondTheLimitOfWaitingClaims() {
        // given
        KafkaServer.authority().hold(coupon);
        try {
            CompletableFuture<Reply> waiting = ingress.claimAsync(coupon, "waiting", "Prefer", "wait=30",
                    "X-Forwarded-For", nextAddress());
            await().until(() -> ingress.metric("firstcome_claims_waiting") == 1);

            // when
            Reply second = claim("second", nextAddress(), "Prefer", "wait=30");

            // then
            assertThat(second.status()).isEqualTo(202);
            assertThat(second.header("Preference-Applied")).isEmpty();
            assertThat(ingress.metric("firstcome_claims_in_flight")).isZero();
            assertThat(requestStatus("Prefer", "wait=1").problem()).as("a status request waits apart from claims")
                    .isEqualTo("404 unknown-request");
            assertThat(waiting).isNotDone();
        } finally {
            KafkaServer.authority().resume(coupon);
        }
    }

    @Test
    void shouldLimitWaitingStatusRequestsSeparately() {
        // given
        KafkaServer.authority().hold(coupon);
        try {
            CompletableFuture<Reply> waiting = ingress.getAsync("/v1/coupons/" + coupon + "/requests/unknown",
                    "Prefer", "wait=30");
            await().until(() -> ingress.metric("firstcome_status_requests_waiting") == 1);

            // when
            Reply refused = requestStatus("Prefer", "wait=1");

            // then
            assertThat(refused.problem()).isEqualTo("503 overloaded");
            assertThat(requestStatus("Prefer", "wait=0").problem()).isEqualTo("404 unknown-request");
            assertThat(claim("busy", "198.51.100.10").status()).isEqualTo(202);
            assertThat(waiting).isNotDone();
        } finally {
            KafkaServer.authority().resume(coupon);
        }
    }

    private static String nextAddress() {
        return "203.0.113." + ADDRESSES.incrementAndGet() % 250;
    }

    private Reply requestStatus(String... headers) {
        return ingress.get("/v1/coupons/" + coupon + "/requests/unknown", headers);
    }

    /** Claims until the limit is reached: a burst of two, and more on a slow machine. */
    private void claimUntilRefused(String user, String address) {
        await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(1))
                .until(() -> claim(user, address).status() == 429);
    }

    private Reply claim(String user, String address, String... header) {
        return header.length == 0
                ? ingress.claim(coupon, user, "X-Forwarded-For", address)
                : ingress.claim(coupon, user, "X-Forwarded-For", address, header[0], header[1]);
    }
}
