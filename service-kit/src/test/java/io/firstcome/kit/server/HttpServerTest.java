package io.firstcome.kit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import com.fasterxml.jackson.databind.JsonNode;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.service.StartFailure;
import io.javalin.config.RoutesConfig;

class HttpServerTest {

    private static final HttpServerSettings SETTINGS = HttpServerSettings.from(Map.of());
    /** Also longer than Jetty lets connections be idle while it stops. */
    private static final Duration LONGER_THAN_A_STOP = Duration.ofSeconds(2);

    private final AtomicReference<Optional<String>> trouble = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<String>> ending = new AtomicReference<>(Optional.empty());
    private final CountDownLatch arrived = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final Metrics metrics = new Metrics("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server = HttpServer.start("127.0.0.1", 0, SETTINGS,
            new Health().readyWhen("friend", trouble::get).liveWhen("heart", ending::get), metrics, routes -> {
                routes.get("/bang/{userId}", context -> {
                    throw new IllegalStateException("secret");
                });
                routes.get("/no", context -> {
                    throw new ProblemException(Problem.of(ProblemType.SOLD_OUT).with("stock", 5));
                });
                slow(routes);
                routes.get("/v1/coupons/{couponId}", context -> context.result(Requests.couponId(context).value()));
                routes.post("/echo", context -> Requests.answer(context, 200, Requests.body(context, JsonNode.class)));
            });

    private void slow(RoutesConfig routes) {
        routes.get("/slow", context -> {
            arrived.countDown();
            released.await();
            context.result("done");
        });
    }

    @AfterEach
    void stop() {
        released.countDown();
        // The server waits a second for each idle connection.
        client.shutdownNow();
        server.close();
        metrics.close();
    }

    @Test
    void shouldAnswerAProblemWithItsMembersAndTheRequestId() throws Exception {
        // when
        HttpResponse<String> answer = client.send(request("/no").header("Idempotency-Key", "abc").build(),
                BodyHandlers.ofString());

        // then
        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Request-Id")).contains("abc");
        assertThat(answer.body()).contains("\"type\":\"urn:firstcome:problem:sold-out\"").contains("\"stock\":5")
                .contains("\"requestId\":\"abc\"");
    }

    @Test
    void shouldHideTheReasonOfAnUnexpectedFailureButNameTheRequest() throws Exception {
        // when
        HttpResponse<String> answer = get("/bang/alice");

        // then
        String id = answer.headers().firstValue("Request-Id").orElseThrow();
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains(id).doesNotContain("secret");
    }

    @Test
    void shouldLogAnUnexpectedFailureWithTheRequestId() throws Exception {
        // given
        var log = (Logger) LoggerFactory.getLogger(HttpServer.class);
        var lines = new ListAppender<ILoggingEvent>();
        lines.start();
        log.addAppender(lines);

        // when
        client.send(request("/bang/alice").header("Idempotency-Key", "abc").build(), BodyHandlers.ofString());

        // then
        log.detachAppender(lines);
        assertThat(lines.list).singleElement().satisfies(event -> {
            assertThat(event.getFormattedMessage()).as("without the user").isEqualTo("GET /bang/{userId} failed");
            assertThat(event.getMDCPropertyMap()).containsEntry("requestId", "abc");
            assertThat(event.getThrowableProxy().getMessage()).isEqualTo("secret");
        });
    }

    @Test
    void shouldNameTheFieldOfABadPathOrKey() throws Exception {
        assertThat(get("/v1/coupons/a.b").statusCode()).isEqualTo(400);
        assertThat(get("/v1/coupons/a.b").body()).contains("\"field\":\"couponId\"");
        HttpResponse<String> badKey = client.send(request("/no").header("Idempotency-Key", "not a key").build(),
                BodyHandlers.ofString());
        assertThat(badKey.statusCode()).isEqualTo(400);
        assertThat(badKey.body()).contains("Idempotency-Key must be 1 to 64");
    }

    @Test
    void shouldAnswerRequestsThatNoRouteTakesWithProblems() throws Exception {
        assertThat(get("/nowhere").statusCode()).isEqualTo(404);
        assertThat(get("/nowhere").body()).contains("urn:firstcome:problem:not-found");
        assertThat(get("/echo").statusCode()).isEqualTo(405);
        HttpResponse<String> large = client.send(
                request("/echo").POST(HttpRequest.BodyPublishers.ofString("x".repeat(5000))).build(),
                BodyHandlers.ofString());
        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).contains("urn:firstcome:problem:too-large");
    }

    @Test
    void shouldForbidCachesToStoreAnswersAboutCoupons() throws Exception {
        assertThat(get("/v1/coupons/c1").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(get("/v1/coupons/a.b").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(get("/v1/nowhere").headers().firstValue("Cache-Control")).contains("no-store");
    }

    @Test
    void shouldNotBeReadyWhileACheckFails() throws Exception {
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
        trouble.set(Optional.of("is away"));
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body()).contains("is away");
        assertThat(get("/livez").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldSayThatOnlyARestartHelps() throws Exception {
        ending.set(Optional.of("has stopped"));
        assertThat(get("/livez").statusCode()).isEqualTo(503);
        assertThat(get("/livez").body())
                .isEqualTo("{\"status\":\"not live\",\"problems\":{\"heart\":\"has stopped\"}}");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/readyz").body())
                .isEqualTo("{\"status\":\"not ready\",\"problems\":{\"heart\":\"has stopped\"}}");
    }

    @Test
    void shouldServeMetricsWithRoutesAndJvm() throws Exception {
        get("/v1/coupons/c1");
        assertThat(get("/metrics").body()).contains("route=\"/v1/coupons/{couponId}\"")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void shouldFinishTheRequestUnderWayWhenStopping() throws Exception {
        // given
        CompletableFuture<HttpResponse<String>> slow = client.sendAsync(request("/slow").build(),
                BodyHandlers.ofString());
        arrived.await();

        // when
        Thread stopping = Thread.ofVirtual().start(server::close);

        // then
        assertThat(stopping.join(LONGER_THAN_A_STOP)).isFalse();
        released.countDown();
        assertThat(slow.get().body()).isEqualTo("done");
        stopping.join();
    }

    @Test
    void shouldWaitNoLongerThanItMayWhenStopping() throws Exception {
        // given
        var impatient = new HttpServerSettings(SETTINGS.connections(), Duration.ZERO, Duration.ofSeconds(1),
                SETTINGS.readTimeout());
        HttpServer hasty = HttpServer.start("127.0.0.1", 0, impatient, new Health(), metrics, this::slow);
        CompletableFuture<HttpResponse<String>> dropped = client
                .sendAsync(HttpRequest.newBuilder(URI.create(hasty.url() + "/slow")).build(), BodyHandlers.ofString());
        arrived.await();

        // then
        assertThatThrownBy(hasty::close).hasCauseInstanceOf(TimeoutException.class);
        assertThatThrownBy(dropped::get).hasCauseInstanceOf(IOException.class);
    }

    @Test
    void shouldTakeItsTimeForLongAnswersAndNeverLessThanUsual() {
        assertThat(SETTINGS.answeringWithin(Duration.ofSeconds(33)).stopTimeout()).hasSeconds(33);
        assertThat(SETTINGS.answeringWithin(Duration.ofSeconds(1))).isEqualTo(SETTINGS);
    }

    @Test
    void shouldSayInOneLineThatThePortIsTaken() {
        assertThatThrownBy(
                () -> HttpServer.start("127.0.0.1", server.port(), SETTINGS, new Health(), metrics, routes -> {}))
                .isInstanceOf(StartFailure.class).hasMessageContaining("port " + server.port());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }
}
