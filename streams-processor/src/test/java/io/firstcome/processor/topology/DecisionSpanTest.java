package io.firstcome.processor.topology;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;

import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.kit.tracing.TracingSettings.Callers;
import io.firstcome.processor.commit.CommitPacer;
import io.firstcome.processor.continuity.AcceptedLoss;
import io.firstcome.processor.continuity.PartitionFacts;
import io.firstcome.testkit.fixture.CouponFixture;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;

class DecisionSpanTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String APPEND_SPAN = "00f067aa0ba902b7";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final Tracing tracing = Tracing.with(OpenTelemetrySdk.builder().setTracerProvider(SdkTracerProvider
            .builder().addSpanProcessor(SimpleSpanProcessor.create(exporter)).build()).build(), Callers.UNTRUSTED);

    private static TopologyRun run(Tracing tracing) {
        Topology topology = CouponTopology.build(1, PartitionFacts.ofNewLog(), AcceptedLoss.NONE,
                new CommitPacer(Duration.ofMillis(10)), tracing, (_, _) -> {});
        return new TopologyRun(topology);
    }

    private static TestRecord<byte[], byte[]> decide(TopologyRun run, String... traceparent) {
        var headers = new RecordHeaders();
        for (String value : traceparent) {
            headers.add("traceparent", value.getBytes(US_ASCII));
        }
        run.send(CouponFixture.OPENS_AT, new IssueCoupon(new RequestId("r-1"), new CouponId("tea"), new UserId("amy")),
                headers);
        return run.records(Topics.OUTCOMES.name()).getFirst();
    }

    @Test
    void shouldPassTheContextOfASampledClaimOn() {
        try (var run = run(tracing)) {
            // when
            TestRecord<byte[], byte[]> outcome = decide(run, "00-" + TRACE + "-" + APPEND_SPAN + "-01");

            // then
            SpanData span = exporter.getFinishedSpanItems().getFirst();
            assertThat(span.getName()).isEqualTo("decide");
            assertThat(span.getTraceId()).isEqualTo(TRACE);
            assertThat(span.getParentSpanId()).isEqualTo(APPEND_SPAN);
            assertThat(span.getAttributes().asMap().toString()).contains("r-1", "tea", "IssueRejected")
                    .doesNotContain("amy");
            assertThat(outcome.headers().headers(Tracing.TRACEPARENT)).singleElement()
                    .satisfies(header -> assertThat(header.value()).asString()
                            .isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01"));
        }
    }

    @Test
    void shouldAddNoHeaderToTheOutcomeOfAnotherClaim() {
        try (var run = run(tracing)) {
            // when
            TestRecord<byte[], byte[]> plain = decide(run);
            TestRecord<byte[], byte[]> unsampled = decide(run, "00-" + TRACE + "-" + APPEND_SPAN + "-00");
            TestRecord<byte[], byte[]> malformed = decide(run, "nonsense");

            // then
            assertThat(List.of(plain, unsampled, malformed))
                    .extracting(it -> it.headers().lastHeader(Tracing.TRACEPARENT))
                    .containsOnlyNulls();
            assertThat(exporter.getFinishedSpanItems()).isEmpty();
        }
    }

    @Test
    void shouldAddNoHeaderWhenOff() {
        try (var run = run(Tracing.OFF)) {
            // when
            TestRecord<byte[], byte[]> outcome = decide(run, "00-" + TRACE + "-" + APPEND_SPAN + "-01");

            // then
            assertThat(outcome.headers().lastHeader(Tracing.TRACEPARENT)).isNull();
        }
    }
}
