package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.SetClock;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.metrics.Metrics;

class RateLimitTest {

    private final SetClock clock = new SetClock();
    private final Metrics metrics = new Metrics("test");
    private final RateLimit<String> claims = RateLimit.perSecond("user", 10, clock,
            metrics.registry());
    private final RateLimit<String> failures = RateLimit.perMinute("failures", 10, clock,
            metrics.registry());
    private final TestServer server = TestServer.with(metrics, routes -> {
        routes.get("/claims/{key}", context -> claims.count(context, context.pathParam("key")));
        routes.get("/failures/{key}", context -> failures.countFailure(context, context.pathParam("key")));
    });

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldAllowABurstAndThenTheRate() {
        // when
        int atOnce = taken("/claims/u1", 40);
        clock.advance(Duration.ofMillis(500));
        int soonAfter = taken("/claims/u1", 40);
        clock.advance(Duration.ofHours(1));
        int longAfter = taken("/claims/u1", 40);

        // then
        assertThat(atOnce).isEqualTo(20);
        assertThat(soonAfter).isEqualTo(5);
        assertThat(longAfter).isEqualTo(20);
    }

    @Test
    void shouldLimitEachKeySeparately() {
        // when
        int ofOneUser = taken("/claims/u1", 40);
        int ofAnotherUser = taken("/claims/u2", 40);

        // then
        assertThat(ofOneUser).isEqualTo(20);
        assertThat(ofAnotherUser).isEqualTo(20);
    }

    @Test
    void shouldSendTheRateLimitHeaders() {
        // when
        Reply taken = server.get("/claims/u1");

        // then
        assertThat(taken.header("RateLimit-Policy")).isEqualTo("\"user\";q=20;w=2");
        assertThat(taken.header("RateLimit")).isEqualTo("\"user\";r=19;t=1");
        assertThat(taken.header("Retry-After")).isEmpty();
    }

    @Test
    void shouldAnswer429WithThePolicyAndRetryAfter() {
        // given
        taken("/claims/u1", 20);

        // when
        Reply refused = server.get("/claims/u1");

        // then
        assertThat(refused.problem()).isEqualTo("429 rate-limited");
        assertThat(refused.json().get("violated-policies").toString()).isEqualTo("[\"user\"]");
        assertThat(refused.get("requestId")).isNotEmpty();
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"user\";q=20;w=2");
        assertThat(refused.header("RateLimit")).isEqualTo("\"user\";r=0;t=1");
        assertThat(server.meters().get("firstcome.limits.rejected").tag("limit", "user").counter().count())
                .isEqualTo(1);
    }

    @Test
    void shouldRoundTheWaitUpToWholeSeconds() {
        // given
        taken("/failures/a", 10);

        // when
        List<Reply> replies = Stream.of(0, 1001, 4998, 1).map(millis -> {
            clock.advance(Duration.ofMillis(millis));
            return server.get("/failures/a");
        }).toList();

        // then
        assertThat(replies).extracting(it -> it.header("Retry-After")).startsWith("6", "5", "1");
        assertThat(replies.getLast().status()).isEqualTo(200);
    }

    @Test
    void shouldNotCountRefusedRequests() {
        // given
        taken("/failures/a", 10);
        taken("/failures/a", 10);

        // when
        clock.advance(Duration.ofSeconds(6));

        // then
        assertThat(taken("/failures/a", 10)).isEqualTo(1);
    }

    @Test
    void shouldTellWhetherALimitIsExceededWithoutCounting() {
        // given
        taken("/failures/a", 9);
        boolean beforeTheLast = failures.isExceeded("a");
        taken("/failures/a", 1);

        // when
        List<Boolean> exceeded = Stream.of("a", "a", "b").map(failures::isExceeded).toList();

        // then
        assertThat(beforeTheLast).isFalse();
        assertThat(exceeded).containsExactly(true, true, false);
        clock.advance(Duration.ofSeconds(6));
        assertThat(failures.isExceeded("a")).isFalse();
        assertThat(taken("/failures/a", 10)).isEqualTo(1);
    }

    @Test
    void shouldLimitTheNumberOfKeys() {
        // when
        IntStream.range(0, RateLimit.MAX_KEYS * 2).forEach(i -> claims.tryConsume("invented-" + i));

        // then
        await().untilAsserted(() -> {
            claims.tryConsume("one more");
            assertThat(server.meters().get("firstcome.limits.keys").tag("limit", "user").gauge().value())
                    .isBetween(1.0, 1.0 * RateLimit.MAX_KEYS);
        });
    }

    private int taken(String path, int tries) {
        return (int) IntStream.range(0, tries).filter(i -> server.get(path).status() == 200).count();
    }
}
