package io.firstcome.ingress.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.ingress.limits.ClientAddress;
import io.firstcome.ingress.limits.ProtectionSettings;
import io.firstcome.ingress.limits.RateLimit;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.metrics.Metrics;

@Isolated
class AdminAuthFilterTest {

    private static final String TOKEN = "let-me-in-by-this-door";
    private static final String PATH = "/v1/coupons/c1/pause";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PrintStream standardError = System.err;
    private final Metrics metrics = new Metrics("test");
    private final ClientAddress address = new ClientAddress(
            ProtectionSettings.from(Map.of("FIRSTCOME_TRUSTED_PROXIES", "127.0.0.1")));
    private final AdminAuthFilter authFilter = new AdminAuthFilter(new AdminToken(TOKEN),
            RateLimit.perMinute("failed-operators", 3, System::nanoTime, metrics.registry()), address);
    private final TestServer server = TestServer.with(metrics, routes -> {
        authFilter.addTo(routes);
        routes.post("/v1/coupons/{couponId}/pause", context -> context.result("paused"));
        routes.get("/v1/status", context -> context.result("up"));
    });

    @BeforeEach
    void captureTheLog() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        System.setErr(standardError);
        server.close();
        threads.close();
    }

    @Test
    void shouldLogTheCommandAndItsClientAddress() {
        // when
        Reply paused = pause(TOKEN, "203.0.113.9");

        // then
        assertThat(paused.text()).isEqualTo("paused");
        awaitLog("request from 203.0.113.9: POST " + PATH + " was answered 200 requestId="
                + paused.header("Request-Id"));
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain(TOKEN);
    }

    @Test
    void shouldNotLogReads() {
        // when
        Reply read = server.get("/v1/status", "Authorization", "Bearer " + TOKEN);
        Reply paused = pause(TOKEN, "203.0.113.9");

        // then
        awaitLog("requestId=" + paused.header("Request-Id"));
        assertThat(read.text()).isEqualTo("up");
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("/v1/status");
    }

    @Test
    void shouldLogAFailedAttempt() {
        // when
        Reply refused = pause("a-wrong-token", "203.0.113.9");

        // then
        assertThat(refused.problem()).isEqualTo("401 unauthorized");
        awaitLog("request from 203.0.113.9: POST " + PATH + " was answered 401 requestId="
                + refused.header("Request-Id"));
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("a-wrong-token");
    }

    @Test
    void shouldAnswer429AfterTooManyWrongTokens() {
        // given
        for (int i = 0; i < 3; i++) {
            assertThat(pause("guess-" + i, "203.0.113.9").status()).isEqualTo(401);
        }

        // when
        Reply refused = pause("guess-4", "203.0.113.9");

        // then
        assertThat(refused.problem()).isEqualTo("429 rate-limited");
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 20);
        assertThat(pause("guess-5", "203.0.113.10").status()).as("from another address").isEqualTo(401);
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain(refused.header("Request-Id"));
    }

    @Test
    void shouldAcceptTheTokenAfterTooManyWrongOnes() {
        // given
        for (int i = 0; i < 10; i++) {
            pause("guess-" + i, "203.0.113.9");
        }

        // when
        Reply paused = pause(TOKEN, "203.0.113.9");

        // then
        assertThat(paused.status()).isEqualTo(200);
        assertThat(pause("guess", "203.0.113.9").status()).as("the limit still holds for failures").isEqualTo(429);
    }

    @Test
    void shouldNeitherCountNorLogARequestWithoutAToken() {
        // when
        List<Reply> refused = IntStream.range(0, 10)
                .mapToObj(i -> server.post(PATH, "", "X-Forwarded-For", "203.0.113.9")).toList();

        // then
        assertThat(refused).extracting(Reply::problem).containsOnly("401 unauthorized");
        Reply paused = pause(TOKEN, "203.0.113.9");
        awaitLog("requestId=" + paused.header("Request-Id"));
        assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain("was answered 401");
    }

    @Test
    void shouldCountEveryWrongTokenOfABurst() {
        // when
        List<Integer> answers = IntStream.range(0, 100).mapToObj(i -> CompletableFuture
                .supplyAsync(() -> pause("guess-" + i, "203.0.113.9").status(), threads)).toList().stream()
                .map(CompletableFuture::join).toList();

        // then
        assertThat(answers).containsOnly(401, 429);
        assertThat(answers.stream().filter(status -> status == 401).count()).isLessThanOrEqualTo(3);
    }

    @Test
    void shouldNotCountRequestsWithTheToken() {
        for (int i = 0; i < 10; i++) {
            assertThat(pause(TOKEN, "203.0.113.9").status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/coupons/c1/pause/", "//v1/coupons/c1/pause", "/v1//coupons/c1/pause",
        "/V1/coupons/c1/pause", "/v1;x=1/coupons/c1/pause", "/v1/coupons/c1/pause;x=1", "/%76%31/coupons/c1/pause",
        "/v1%2fcoupons/c1/pause", "/./v1/coupons/c1/pause", "/x/../v1/coupons/c1/pause", "/v1/coupons/c1/pause?a=/"})
    void shouldRefuseOtherSpellingsOfThePath(String path) {
        assertThat(server.post(path, "").status()).isIn(400, 401, 404);
    }

    private Reply pause(String token, String from) {
        return server.post(PATH, "", "Authorization", "Bearer " + token, "X-Forwarded-For", from);
    }

    private void awaitLog(String line) {
        await().untilAsserted(() -> assertThat(log.toString(StandardCharsets.UTF_8)).contains(line));
    }
}
