package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

/** Every ingress knows the requests that another ingress accepted, pending ones included. */
@ResourceLock(IngressExtension.SHARED_INGRESSES)
class SharedResultsTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();
    private static final RedisServer REDIS = RedisServer.shared();

    private static final String[] WAIT = {"Prefer", "wait=30"};

    private final TestIngress one = INGRESSES.one();
    private final TestIngress two = INGRESSES.two();
    private final String coupon = Campaign.openForLong().id();
    private final String key = coupon + "-k";
    private final String request = "/v1/coupons/" + coupon + "/requests/" + key;
    private boolean held;

    @BeforeEach
    void given() {
        one.define(coupon, 3);
        await().until(() -> two.get("/v1/coupons/" + coupon).status() == 200);
        REDIS.awaitFacts(coupon);
        KafkaServer.authority().hold(coupon);
        held = true;
    }

    @AfterEach
    void decide() {
        if (held) {
            KafkaServer.authority().resume(coupon);
            held = false;
        }
    }

    @Test
    void shouldShowAPendingRequestAtEveryIngress() {
        // given
        one.claim(coupon, "u1", "Idempotency-Key", key);
        await().until(() -> two.get(request).status() == 200);

        // when
        TestIngress later = TestIngress.with(Map.of());

        // then
        try (later) {
            assertThat(later.get(request).text()).isEqualTo(one.get(request).text()).isEqualTo(two.get(request).text())
                    .isEqualTo("""
                            {"requestId":"%s","couponId":"%s","userId":"u1","status":"PENDING"}"""
                            .formatted(key, coupon));
            assertThat(later.get(request).header("Retry-After")).isEqualTo("1");
            decide();
            await().untilAsserted(() -> assertThat(later.get(request).get("status")).isEqualTo("ISSUED"));
            assertThat(later.get(request).header("Retry-After")).isEmpty();
        }
    }

    @Test
    void shouldPointToAnEarlierRequestThatAnotherIngressAccepted() {
        // given
        one.claim(coupon, "u1", "Idempotency-Key", key);
        await().until(() -> two.get(request).status() == 200);

        // when
        Reply second = two.claim(coupon, "u1");

        // then
        assertThat(second.header("Location")).isEqualTo(request + "?userId=u1");
        assertThat(two.claim(coupon, "u1", "Idempotency-Key", key).header("Location"))
                .isEqualTo(request + "?userId=u1");
        assertThat(two.claim(coupon, "u2", "Idempotency-Key", key).header("Location")).as("another user's claim")
                .isEqualTo(request + "?userId=u2");
    }

    @Test
    void shouldWaitForTheOutcomeOfAnotherIngresssRequest() {
        // given
        one.claim(coupon, "u1", "Idempotency-Key", key);
        CompletableFuture<Reply> waiting = two.getAsync(request, WAIT);
        await().until(() -> two.metric("firstcome_requests_waiting") == 1);

        // when
        decide();

        // then
        assertThat(waiting.join().get("status")).isEqualTo("ISSUED");
        assertThat(waiting.join().header("Preference-Applied")).isEqualTo("wait=30");
        assertThat(two.get(request, WAIT).text()).as("no wait for a decided request").isEqualTo(waiting.join().text());
    }

    @Test
    void shouldWaitForAnUnknownRequest() {
        // given
        CompletableFuture<Reply> waiting = two.getAsync(request, WAIT);
        await().until(() -> two.metric("firstcome_requests_waiting") == 1);

        // when
        one.claim(coupon, "u1", "Idempotency-Key", key);
        decide();

        // then
        assertThat(waiting.join().get("status")).isEqualTo("ISSUED");
    }

    @Test
    void shouldAnswerWithTheStatusAfterTheWait() {
        // when
        Reply unknown = two.get(request, "Prefer", "wait=1");
        one.claim(coupon, "u1", "Idempotency-Key", key);
        Reply pending = two.get(request, "Prefer", "wait=1");

        // then
        assertThat(unknown.problem()).isEqualTo("404 unknown-request");
        assertThat(pending.get("status")).isEqualTo("PENDING");
        assertThat(pending.header("Retry-After")).isEqualTo("1");
        assertThat(two.metric("firstcome_requests_waiting")).isZero();
    }
}
