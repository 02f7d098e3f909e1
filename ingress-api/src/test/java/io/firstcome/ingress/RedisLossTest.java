package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.RedisServer;

/** A loss of Redis changes load and speed; every final answer stays correct. */
class RedisLossTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();
    /** Without memory of requests and holders, so that the gate or the log answers. */
    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension
            .startedBy(() -> TestIngress.withDefaultTimeouts(REDIS,
                    Map.of("FIRSTCOME_REQUESTS_MAX", "1", "FIRSTCOME_HOLDERS_MAX", "0")));

    private final TestIngress ingress = INGRESSES.one();

    private final String coupon = Campaign.openForLong().id();

    @Test
    void shouldDecideWithoutRedisAndUseTheGateAfterwards() {
        // given
        ingress.define(coupon, 2);

        // when
        REDIS.kill();

        // then
        assertThat(claim("u1", "k1").get("sequence")).isEqualTo("1");
        assertThat(ingress.get("/readyz").status()).isEqualTo(200);
        assertThat(claim("u1", "k2").problem()).isEqualTo("409 already-issued");
        assertThat(claim("u2", "k3").get("sequence")).isEqualTo("2");
        assertThat(claim("u3", "k4").problem()).isEqualTo("409 sold-out");
        REDIS.startAgain();
        awaitHolders(2);
        awaitReply("SOLD_OUT", "u3");
    }

    @Test
    void shouldAnswerAnIssuedRequestAlikeFromGateAndLog() {
        // given
        ingress.define(coupon, 1);
        String issued = claim("u1", coupon).text();

        // when
        double before = gateReplies("ALREADY_ISSUED");

        // then
        await("from the gate").until(() -> {
            evictFromTheTracker();
            assertThat(claim("u1", coupon).text()).isEqualTo(issued);
            return gateReplies("ALREADY_ISSUED") > before;
        });
        REDIS.kill();
        evictFromTheTracker();
        assertThat(claim("u1", coupon).text()).as("from the log").isEqualTo(issued);
    }

    @Test
    void shouldNotAnswerSoldOutToAHolderDuringAFill() {
        // given
        ingress.define(coupon, 1);
        String issued = claim("u1", coupon).text();

        // when
        evictFromTheTracker();
        REDIS.client().flushAll();

        // then
        assertThat(claim("u1", coupon).text()).isEqualTo(issued);
    }

    @Test
    void shouldDecideWhileRedisHangsAndUseTheGateAfterwards() {
        // given
        ingress.define(coupon, 2);

        // when
        REDIS.pause();

        // then
        try {
            assertThat(claim("u1", "k1").get("sequence")).isEqualTo("1");
            await().until(() -> claim("u1", "claim-" + System.nanoTime()).problem().equals("409 already-issued")
                    && ingress.metric("firstcome_gate_breaker_open") == 1);
            assertThat(claim("u2", "k3").get("sequence")).isEqualTo("2");
            assertThat(claim("u3", "k4").problem()).isEqualTo("409 sold-out");
            await().untilAsserted(() -> assertThat(ingress.admin("GET", "/v1/status", "").json().at("/components/1")
                    .toString()).contains("\"gate\"", "DOWN", "does not answer", "FIRSTCOME_REDIS_URL"));
        } finally {
            REDIS.resume();
        }
        awaitReply("SOLD_OUT", "u3");
    }

    @Test
    void shouldKnowAnIssueThatARestoredRedisLacks() {
        // given
        ingress.define(coupon, 2);
        claim("u1", "k1");
        awaitHolders(1);
        REDIS.takeSnapshot();
        String issued = claim("u2", coupon).text();
        awaitHolders(2);

        // when
        REDIS.kill();
        REDIS.startAgainFromSnapshot();

        // then
        await().until(() -> {
            evictFromTheTracker();
            assertThat(claim("u2", coupon).text()).isEqualTo(issued);
            assertThat(claim("u3", "claim-" + System.nanoTime()).problem()).isEqualTo("409 sold-out");
            return holders() == 2;
        });
        awaitReply("ALREADY_ISSUED", "u2");
    }

    @Test
    void shouldKnowARestockThatARestoredRedisLacks() {
        // given
        ingress.define(coupon, 1);
        claim("u1", "k1");
        awaitReply("SOLD_OUT", "u2");
        REDIS.takeSnapshot();
        ingress.define(coupon, 1000);

        // when
        REDIS.kill();
        REDIS.startAgainFromSnapshot();

        // then
        IntStream.range(0, 20).forEach(i -> assertThat(claim("new-" + i, coupon + i).status()).isEqualTo(201));
        awaitHolders(21);
    }

    @Test
    void shouldLimitPassThroughWithoutTheGate() {
        // given
        TestIngress limited = TestIngress.withDefaultTimeouts(REDIS, Map.of("FIRSTCOME_PASS_THROUGH_PER_SECOND", "1"));
        try (limited) {
            ingress.define(coupon, 1000);
            await().until(() -> limited.get("/v1/coupons/" + coupon).status() == 200);

            // when
            REDIS.kill();

            // then
            await().untilAsserted(() -> {
                Reply refused = limited.claim(coupon, "u1");
                assertThat(refused.problem()).isEqualTo("503 overloaded");
                assertThat(refused.header("Retry-After")).isEqualTo("1");
            });
        }
    }

    @Test
    void shouldStartWithoutRedis() {
        // given
        ingress.define(coupon, 1);
        REDIS.kill();

        // when
        TestIngress withoutRedis = TestIngress.withDefaultTimeouts(REDIS, Map.of());

        // then
        try (withoutRedis) {
            assertThat(withoutRedis.claim(coupon, "u1", "Prefer", "wait=30").status()).isEqualTo(201);
        }
    }

    private Reply claim(String user, String key) {
        return ingress.claim(coupon, user, "Idempotency-Key", key, "Prefer", "wait=30");
    }

    /**
     * The tracker holds one decided claim only. This claim replaces it, so that the gate or the log answers the next
     * one.
     */
    private void evictFromTheTracker() {
        String other = Campaign.openForLong().id();
        ingress.define(other, 1);
        assertThat(ingress.claim(other, "other", "Prefer", "wait=30").status()).isEqualTo(201);
    }

    /** Claims until the gate has given this reply. */
    private void awaitReply(String reply, String user) {
        double before = gateReplies(reply);
        await().until(() -> {
            claim(user, "claim-" + System.nanoTime());
            return gateReplies(reply) > before;
        });
    }

    private void awaitHolders(long count) {
        await().until(() -> holders() == count);
    }

    private long holders() {
        return REDIS.client().hlen("fc:{" + coupon + "}:issued");
    }

    private double gateReplies(String reply) {
        return ingress.metric("firstcome_gate_replies_total{reply=\"" + reply + "\"");
    }
}
