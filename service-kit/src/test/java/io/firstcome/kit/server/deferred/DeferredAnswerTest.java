package io.firstcome.kit.server.deferred;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.kit.tracing.TracingSettings.Callers;
import io.javalin.http.Context;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

class DeferredAnswerTest {

    private static final Duration READ_TIMEOUT = Duration.ofMillis(500);
    private static final Duration CHECK_INTERVAL = Duration.ofMillis(500);

    private final CompletableFuture<String> result = new CompletableFuture<>();
    private final CountDownLatch handled = new CountDownLatch(1);
    private final AtomicReference<String> requestIdInLog = new AtomicReference<>();
    private final AtomicReference<Span> spanAfterHandler = new AtomicReference<>();
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Metrics metrics = new Metrics("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server = HttpServer.start("127.0.0.1", 0,
            new HttpServerSettings(100, Duration.ZERO, Duration.ofSeconds(10), READ_TIMEOUT), new Health(), metrics,
            tracing(), routes -> routes.post("/v1/things", this::handle), Optional.empty());

    private Tracing tracing() {
        var provider = SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(spans)).build();
        return Tracing.with(OpenTelemetrySdk.builder().setTracerProvider(provider).build(), Callers.UNTRUSTED);
    }

    private void handle(Context context) {
        DeferredAnswer.when(context, result, () -> result.complete("gave up"), it -> {
            requestIdInLog.set(MDC.get("requestId"));
            if (it.isEmpty()) {
                throw new ProblemException(Problem.of(ProblemType.UNKNOWN_REQUEST));
            }
            Requests.answer(context, 201, it);
        });
        spanAfterHandler.set(Span.current());
        handled.countDown();
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        metrics.close();
    }

    @Test
    void shouldAnswerOnceTheResultIsThere() throws Exception {
        // given
        CompletableFuture<HttpResponse<String>> answer = post();
        handled.await();
        assertThat(answer).isNotDone();
        assertThat(spans.getFinishedSpanItems()).isEmpty();

        // when
        Thread.ofVirtual().start(() -> result.complete("done"));

        // then
        assertThat(answer.join().statusCode()).isEqualTo(201);
        assertThat(answer.join().body()).isEqualTo("\"done\"");
        assertThat(answer.join().headers().firstValue("Request-Id")).contains("r-1");
        assertThat(requestIdInLog).hasValue("r-1");
        assertThat(spanAfterHandler.get().getSpanContext().isValid()).isFalse();
        await().untilAsserted(() -> assertThat(spans.getFinishedSpanItems()).singleElement()
                .satisfies(span -> assertThat(span.getName()).isEqualTo("POST /v1/things")));
        assertThat(metrics.registry().get("http.server.requests").tag("status", "201").timer().count()).isEqualTo(1);
    }

    @Test
    void shouldAnswerWithAResultThatIsThereAlready() {
        // given
        result.complete("done");

        // when
        HttpResponse<String> answer = post().join();

        // then
        assertThat(answer.statusCode()).isEqualTo(201);
    }

    @Test
    void shouldAnswerAProblem() {
        // given
        result.complete("");

        // when
        HttpResponse<String> answer = post().join();

        // then
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).contains("unknown-request").contains("\"requestId\":\"r-1\"");
    }

    @Test
    void shouldAnswerLaterThanTheReadTimeout() {
        // when
        CompletableFuture<HttpResponse<String>> answer = post();
        result.completeOnTimeout("late", 3 * READ_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);

        // then
        assertThat(answer.join().statusCode()).isEqualTo(201);
        assertThat(answer.join().body()).isEqualTo("\"late\"");
    }

    @Test
    void shouldGiveUpWhenTheClientDisconnects() throws Exception {
        // given
        Socket socket = postBySocket();
        handled.await();

        // when
        socket.close();

        // then
        await().untilAsserted(() -> assertThat(result).isCompletedWithValue("gave up"));
    }

    @Test
    void shouldKeepWaitingForAClientThatSendsItsNextRequest() throws Exception {
        // given
        try (Socket socket = postBySocket()) {
            handled.await();

            // when
            socket.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(US_ASCII));
            result.completeOnTimeout("done", 2 * CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);

            // then
            assertThat(new String(socket.getInputStream().readNBytes(12), US_ASCII)).isEqualTo("HTTP/1.1 201");
            assertThat(result).isCompletedWithValue("done");
        }
    }

    private Socket postBySocket() throws IOException {
        var socket = new Socket("127.0.0.1", server.port());
        socket.getOutputStream()
                .write("POST /v1/things HTTP/1.1\r\nHost: here\r\nContent-Length: 0\r\n\r\n".getBytes(US_ASCII));
        return socket;
    }

    private CompletableFuture<HttpResponse<String>> post() {
        return client.sendAsync(HttpRequest.newBuilder(URI.create(server.url() + "/v1/things"))
                .header("Idempotency-Key", "r-1").POST(BodyPublishers.ofString("")).build(), BodyHandlers.ofString());
    }
}
