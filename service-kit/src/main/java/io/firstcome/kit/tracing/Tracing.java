package io.firstcome.kit.tracing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.kit.service.StartFailure;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;

/**
 * Makes the spans of one service. A request is sampled where it arrives over HTTP; every later span, also in another
 * service, exists only below a sampled one. The context travels as {@code traceparent}
 * (<a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>) in HTTP headers and in the headers of Kafka
 * records. Attributes name the request and the coupon and never the user.
 *
 * <p>Where a span is not made, methods return {@link Span#getInvalid()}, on which all calls do nothing.
 */
public final class Tracing implements AutoCloseable {

    /** Makes no spans. */
    public static final Tracing OFF = new Tracing(null, false);

    /** The header with the ids and the flag. */
    public static final String TRACEPARENT = "traceparent";

    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("firstcome.request.id");
    private static final AttributeKey<String> COUPON_ID = AttributeKey.stringKey("firstcome.coupon.id");
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(5);
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<UnaryOperator<String>> HTTP = (headers, name) -> headers.apply(name);
    private static final TextMapGetter<Headers> RECORD = (headers, name) -> {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), US_ASCII);
    };

    private final OpenTelemetrySdk sdk;
    private final Tracer tracer;
    private final boolean callersAreTrusted;

    private Tracing(OpenTelemetrySdk sdk, boolean callersAreTrusted) {
        this.sdk = sdk;
        this.tracer = (sdk == null ? TracerProvider.noop() : sdk.getTracerProvider()).get("io.firstcome");
        this.callersAreTrusted = callersAreTrusted;
    }

    /**
     * Starts the exporter when the settings ask for it.
     *
     * @param service the name of the service in the traces, unless {@code OTEL_SERVICE_NAME} is set
     * @throws StartFailure when a variable of OpenTelemetry is not valid
     */
    public static Tracing start(TracingSettings settings, String service) {
        if (settings.mode() == TracingSettings.Mode.OFF) {
            return OFF;
        }
        Map<String, String> defaults = Map.of("otel.service.name", service, "otel.traces.exporter", "otlp",
                "otel.metrics.exporter", "none", "otel.logs.exporter", "none",
                "otel.exporter.otlp.protocol", "http/protobuf",
                "otel.traces.sampler", "parentbased_traceidratio",
                "otel.traces.sampler.arg", String.valueOf(settings.ratio()));
        try {
            OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder().addPropertiesSupplier(() -> defaults)
                    .disableShutdownHook().build().getOpenTelemetrySdk();
            return with(sdk, settings.callers());
        } catch (ConfigurationException | IllegalArgumentException | IllegalStateException e) {
            throw new StartFailure("tracing cannot start (" + e.getMessage()
                    + "): correct the variables OTEL_… or set FIRSTCOME_TRACING=off", e);
        }
    }

    /** Tracing with an SDK that the caller has configured; {@link #close} shuts it down. */
    public static Tracing with(OpenTelemetrySdk sdk, TracingSettings.Callers callers) {
        return new Tracing(sdk, callers == TracingSettings.Callers.TRUSTED);
    }

    /** Whether requests may be traced. */
    public boolean isOn() {
        return sdk != null;
    }

    /**
     * Begins the span of a request that arrived over HTTP.
     *
     * @param header the value of a header, or null
     * @param start when the request arrived
     * @return a span that is recorded only if the request is sampled; it has a trace id in any case
     */
    public Span beginRequest(String name, UnaryOperator<String> header, Instant start) {
        Context parent = callersAreTrusted && header.apply(TRACEPARENT) != null
                ? W3C.extract(Context.root(), header, HTTP)
                : Context.root();
        return tracer.spanBuilder(name).setParent(parent).setSpanKind(SpanKind.SERVER).setStartTimestamp(start)
                .startSpan();
    }

    /** Begins a step of the request that the current thread works on, below the request's span. */
    public Span begin(String name, SpanKind kind, RequestId requestId, CouponId couponId) {
        if (sdk == null || !Span.current().isRecording()) {
            return Span.getInvalid();
        }
        return about(tracer.spanBuilder(name).setSpanKind(kind), requestId, couponId).startSpan();
    }

    /** Begins the processing of a record, below the span in its headers. */
    public Span begin(String name, Headers headers, RequestId requestId, CouponId couponId) {
        return sdk == null || headers.lastHeader(TRACEPARENT) == null
                ? Span.getInvalid()
                : begin(name, headers, requestId, couponId, Instant.now());
    }

    /**
     * Begins the processing of a record, below the span in its headers.
     *
     * @param start when the processing began, which for a batch is earlier than this call
     */
    public Span begin(String name, Headers headers, RequestId requestId, CouponId couponId, Instant start) {
        if (sdk == null || headers.lastHeader(TRACEPARENT) == null) {
            return Span.getInvalid();
        }
        Context parent = W3C.extract(Context.root(), headers, RECORD);
        if (!Span.fromContext(parent).getSpanContext().isSampled()) {
            return Span.getInvalid();
        }
        return about(tracer.spanBuilder(name).setParent(parent).setSpanKind(SpanKind.CONSUMER), requestId, couponId)
                .setStartTimestamp(start).startSpan();
    }

    private static SpanBuilder about(SpanBuilder span, RequestId requestId, CouponId couponId) {
        return span.setAttribute(REQUEST_ID, requestId.value()).setAttribute(COUPON_ID, couponId.value());
    }

    /** Adds the context of a span to the headers of a record. Adds nothing when the span is not sampled. */
    public static void addTo(Headers headers, Span span) {
        if (span.getSpanContext().isSampled()) {
            headers.add(TRACEPARENT, traceparent(span).getBytes(US_ASCII));
        }
    }

    /** Adds the context of the current span to a request to another service, unless the span is not sampled. */
    public static HttpRequest addTo(HttpRequest request) {
        Span span = Span.current();
        return span.getSpanContext().isSampled()
                ? HttpRequest.newBuilder(request, (_, _) -> true).setHeader(TRACEPARENT, traceparent(span)).build()
                : request;
    }

    /** Without tracestate, which may be long. */
    private static String traceparent(Span span) {
        Map<String, String> fields = new HashMap<>();
        W3C.inject(Context.root().with(span), fields, Map::put);
        return fields.get(TRACEPARENT);
    }

    /** Names the request and the coupon of a span. */
    public static void describe(Span span, String requestId, String couponId) {
        if (requestId != null) {
            span.setAttribute(REQUEST_ID, requestId);
        }
        if (couponId != null) {
            span.setAttribute(COUPON_ID, couponId);
        }
    }

    /** Exports what has ended, within five seconds. */
    @Override
    public void close() {
        if (sdk != null) {
            sdk.shutdown().join(FLUSH_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
