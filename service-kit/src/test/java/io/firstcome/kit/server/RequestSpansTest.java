package io.firstcome.kit.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.kit.early.EarlyAnswer;
import io.firstcome.kit.early.EarlyAnswers;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.kit.tracing.TracingSettings.Callers;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;

class RequestSpansTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String SAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-01";
    private static final String UNSAMPLED = "00-" + TRACE + "-00f067aa0ba902b7-00";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final Metrics metrics = new Metrics("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicReference<String> traceIdOfLog = new AtomicReference<>();
    private final RecordHeaders record = new RecordHeaders();
    private HttpServer server;

    private void start(double ratio, Callers callers) {
        var provider = SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(ratio))).build();
        start(Tracing.with(OpenTelemetrySdk.builder().setTracerProvider(provider).build(), callers));
    }

    private void start(Tracing tracing) {
        server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), metrics, tracing,
                routes -> routes.post("/v1/coupons/{couponId}/issues", context -> {
                    traceIdOfLog.set(MDC.get("traceId"));
                    Span step = tracing.begin("log append", SpanKind.PRODUCER, new RequestId("r-1"),
                            new CouponId("tea"));
                    Tracing.addTo(record, step);
                    step.end();
                    context.status(202).result("done");
                }), Optional.of(new EarlyAnswers() {

                    @Override
                    public boolean mayAnswer(Request request) {
                        return true;
                    }

                    @Override
                    public EarlyAnswer answer(Request request, ByteBuffer body) {
                        return UTF_8.decode(body).toString().contains("early")
                                ? new EarlyAnswer(409, "/v1/coupons/{couponId}/issues",
                                        List.of(new HttpField("Request-Id", "r-2")), new byte[0])
                                : null;
                    }
                }));
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        server.close();
        metrics.close();
    }

    private void claim(String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.url() + "/v1/coupons/tea/issues"))
                .header("Idempotency-Key", "r-1").POST(BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        client.send(request.build(), BodyHandlers.ofString());
    }

    private List<SpanData> spans(int count) {
        await().until(() -> exporter.getFinishedSpanItems().size() >= count);
        return exporter.getFinishedSpanItems();
    }

    private String traceparent() {
        return new String(record.lastHeader("traceparent").value(), UTF_8);
    }

    @Test
    void shouldContinueTheTraceOfATrustedCaller() throws Exception {
        // given
        start(0, Callers.TRUSTED);

        // when
        claim("{}", "traceparent", SAMPLED, "tracestate", "vendor=" + "x".repeat(200));

        // then
        SpanData step = spans(2).getFirst();
        SpanData request = spans(2).getLast();
        assertThat(request.getName()).isEqualTo("POST /v1/coupons/{couponId}/issues");
        assertThat(request.getTraceId()).isEqualTo(TRACE).isEqualTo(traceIdOfLog.get());
        assertThat(request.getParentSpanId()).isEqualTo("00f067aa0ba902b7");
        assertThat(request.getAttributes().asMap()).hasSize(5)
                .containsEntry(AttributeKey.stringKey("firstcome.request.id"), "r-1")
                .containsEntry(AttributeKey.stringKey("firstcome.coupon.id"), "tea")
                .containsEntry(AttributeKey.longKey("http.response.status_code"), 202L);
        assertThat(step.getParentSpanId()).isEqualTo(request.getSpanId());
        assertThat(traceparent()).isEqualTo("00-" + TRACE + "-" + step.getSpanId() + "-01");
        assertThat(record.toArray()).hasSize(1);
    }

    @Test
    void shouldAddNothingToTheRecordOfAnUnsampledRequest() throws Exception {
        // given
        start(1, Callers.TRUSTED);

        // when
        claim("{}", "traceparent", UNSAMPLED);

        // then
        assertThat(traceIdOfLog).hasValue(TRACE);
        assertThat(record.toArray()).isEmpty();
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-" + TRACE + "-0000000000000000-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-" + TRACE + "-00f067aa0ba902b7",
        "ff-" + TRACE + "-00f067aa0ba902b7-01"})
    void shouldIgnoreAMalformedTraceparent(String malformed) throws Exception {
        // given
        start(1, Callers.TRUSTED);

        // when
        claim("{}", "traceparent", malformed);

        // then
        assertThat(spans(2)).extracting(SpanData::getTraceId).containsOnly(traceIdOfLog.get()).doesNotContain(TRACE);
        assertThat(spans(2).getLast().getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void shouldIgnoreTheHeadersOfUntrustedCallers() throws Exception {
        // given
        start(0, Callers.UNTRUSTED);

        // when
        claim("{}", "traceparent", SAMPLED);

        // then
        assertThat(record.toArray()).isEmpty();
        assertThat(exporter.getFinishedSpanItems()).isEmpty();
    }

    @Test
    void shouldMakeASpanOfASampledEarlyAnswer() throws Exception {
        // given
        start(0, Callers.TRUSTED);
        claim("{\"early\":1}");

        // when
        claim("{\"early\":1}", "traceparent", SAMPLED);

        // then
        assertThat(spans(1)).singleElement().satisfies(span -> {
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getName()).isEqualTo("POST /v1/coupons/{couponId}/issues");
            assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(span.getAttributes().get(AttributeKey.stringKey("firstcome.request.id"))).isEqualTo("r-2");
            assertThat(span.getEndEpochNanos()).isGreaterThanOrEqualTo(span.getStartEpochNanos());
        });
    }

    @Test
    void shouldDoNothingWhenOff() throws Exception {
        // given
        start(Tracing.OFF);

        // when
        claim("{}", "traceparent", SAMPLED);
        claim("{\"early\":1}", "traceparent", SAMPLED);

        // then
        assertThat(traceIdOfLog).hasValue(null);
        assertThat(record.toArray()).isEmpty();
    }
}
