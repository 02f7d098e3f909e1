package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;

/** Memory rejects the claims of users who surely hold nothing, and never those of holders. */
@TestMethodOrder(OrderAnnotation.class)
class SoldOutTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();
    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.startedBy(SoldOutTest::start);

    private final TestIngress ingress = INGRESSES.one();
    private final String coupon = Campaign.openForLong().id();

    /** The request memory holds one request, so that it does not know the winners. */
    private static TestIngress start() {
        return TestIngress.withDefaultTimeouts(REDIS,
                Map.of("FIRSTCOME_REQUESTS_MAX", "1", "FIRSTCOME_USER_CLAIMS_PER_SECOND", "1000"));
    }

    /** Runs last: a reply that is lost with a killed Redis leaves a reservation that lives for half a minute. */
    @Test
    @Order(Integer.MAX_VALUE)
    void shouldRejectAKeyWithoutRedis() {
        // given
        sellOut();

        // when
        REDIS.kill();

        // then: the log would answer 202, because these callers do not wait
        IntStream.range(0, 20).forEach(i -> assertThat(
                ingress.claim(coupon, "late-" + i, "Idempotency-Key", "late-" + i).problem())
                .isEqualTo("409 sold-out"));
    }

    @Test
    void shouldKnowAHolderAfterARestart() {
        // given
        Reply issued = sellOut();

        // when
        TestIngress restarted = start();

        // then
        try (restarted) {
            forgetRequests(restarted);
            assertThat(restarted.claim(coupon, "winner", "Prefer", "wait=30").problem())
                    .isEqualTo("409 already-issued");
            assertThat(claim(restarted, "winner", coupon).text()).isEqualTo(issued.text());
            assertThat(restarted.claim(coupon, "loser").problem()).isEqualTo("409 sold-out");
        }
    }

    @Test
    void shouldIssueAtOnceAfterARestock() {
        // given
        sellOut();

        // when
        ingress.define(coupon, 3);

        // then
        assertThat(claim(ingress, "u2", coupon + "-2").get("sequence")).isEqualTo("2");
        assertThat(ingress.claim(coupon, "u3", "Prefer", "wait=30").get("sequence")).isEqualTo("3");
    }

    @Test
    void shouldAnswerAlikeFromMemoryAndByTheRoute() {
        // given
        sellOut();
        String[] plain = {"Idempotency-Key", "alike", "Prefer", "wait=5"};
        String[] unusual = {"Idempotency-Key", "alike", "Prefer", "wait=5", "Content-Type",
            "application/json; charset=utf-8"};

        // when
        Reply early = ingress.claim(coupon, "u2", plain);
        Reply byRoute = ingress.claim(coupon, "u2", unusual);

        // then
        assertThat(early.problem()).isEqualTo("409 sold-out");
        assertThat(early.text()).isEqualTo(byRoute.text());
        assertThat(headers(early)).isEqualTo(headers(byRoute));
        assertThat(early.header("RateLimit")).startsWith("\"user\";r=");
    }

    /** All headers except those whose values differ from answer to answer. */
    private static Map<String, Object> headers(Reply reply) {
        var headers = new TreeMap<String, Object>(reply.headers().map());
        headers.remove("date");
        headers.remove("ratelimit");
        return headers;
    }

    /** Issues the only coupon, and claims until memory rejects keys. */
    private Reply sellOut() {
        ingress.define(coupon, 1);
        Reply issued = claim(ingress, "winner", coupon);
        assertThat(issued.status()).isEqualTo(201);
        await().until(() -> {
            double before = ingress.metric("firstcome_gate_replies_total");
            assertThat(claim(ingress, "loser", "key-" + System.nanoTime()).problem()).isEqualTo("409 sold-out");
            return ingress.metric("firstcome_gate_replies_total") == before;
        });
        return issued;
    }

    private void forgetRequests(TestIngress at) {
        assertThat(at.define(Campaign.openForLong().id(), 1).status()).isEqualTo(201);
    }

    private Reply claim(TestIngress at, String user, String key) {
        return at.claim(coupon, user, "Idempotency-Key", key, "Prefer", "wait=30");
    }
}
