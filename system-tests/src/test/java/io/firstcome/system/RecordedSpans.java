package io.firstcome.system;

import java.util.Comparator;
import java.util.List;

import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;
import io.opentelemetry.sdk.autoconfigure.spi.traces.ConfigurableSpanExporterProvider;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** Keeps the spans of all services in this JVM in place of an exporter to a collector. */
public final class RecordedSpans implements ConfigurableSpanExporterProvider {

    private static final InMemorySpanExporter SPANS = InMemorySpanExporter.create();

    /** Applies to the services that start from now on with tracing. */
    static void use() {
        System.setProperty("otel.traces.exporter", "recorded");
        System.setProperty("otel.bsp.schedule.delay", "50");
    }

    /** The spans of a trace that have ended, in the order of their begins. */
    static List<SpanData> of(String traceId) {
        return SPANS.getFinishedSpanItems().stream().filter(span -> span.getTraceId().equals(traceId))
                .sorted(Comparator.comparingLong(SpanData::getStartEpochNanos)).toList();
    }

    @Override
    public String getName() {
        return "recorded";
    }

    @Override
    public SpanExporter createExporter(ConfigProperties config) {
        return SPANS;
    }
}
