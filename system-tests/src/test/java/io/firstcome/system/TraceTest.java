package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testing.CapturedLog;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.trace.data.SpanData;

/** One trace shows a claim from the HTTP request to the row in MySQL, and log lines name it. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
class TraceTest {

    private static final int CLAIMS = 20;
    private static final String COUPON = "traced";
    private static final String CALLER_SPAN = "00f067aa0ba902b7";
    private static final String REQUEST = "POST /v1/coupons/{couponId}/issues";
    private static final AttributeKey<String> REQUEST_ID = AttributeKey.stringKey("firstcome.request.id");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void shouldShowEachClaimFromTheRequestToTheRow(Endpoints endpoints) throws Exception {
        // given
        define(endpoints);

        // when
        List<CompletableFuture<HttpResponse<String>>> replies = new ArrayList<>(IntStream.range(0, CLAIMS)
                .mapToObj(i -> claim(endpoints, "traced-" + i, "traceparent", traceparent(i))).toList());
        replies.add(claim(endpoints, "untraced"));

        // then
        assertThat(replies).allSatisfy(reply -> assertThat(reply.join().statusCode()).isEqualTo(201));
        for (int i = 0; i < CLAIMS; i++) {
            assertIsComplete(traceId(i), "traced-" + i);
        }
        for (TopicSpec topic : List.of(Topics.COMMANDS, Topics.OUTCOMES)) {
            Map<String, List<String>> headers = headersByRequest(endpoints.kafka(), topic);
            assertThat(headers.get("untraced")).containsExactly("v");
            assertThat(headers.get("traced-0")).containsExactly("v", "traceparent");
        }
    }

    @Test
    void shouldShowAQueryThatTheAuthorityAnswers(Endpoints endpoints) throws Exception {
        // given
        String traceId = traceId(CLAIMS);
        String path = "/v1/coupons/unknown-to-traces/stock";

        // when
        client.send(HttpRequest.newBuilder(URI.create(endpoints.http() + path))
                .header("traceparent", traceparent(CLAIMS)).build(), BodyHandlers.ofString());

        // then
        await().untilAsserted(() -> assertThat(RecordedSpans.of(traceId)).hasSize(2));
        List<SpanData> trace = RecordedSpans.of(traceId);
        assertThat(trace).extracting(span -> span.getResource().getAttribute(SERVICE))
                .containsExactly("firstcome-ingress", "firstcome-authority");
        assertThat(trace.getLast().getParentSpanId()).isEqualTo(trace.getFirst().getSpanId());
    }

    /** Records that other programs wrote: each service that meets one names its request and its trace. */
    @Test
    void shouldNameRequestAndTraceOfADeadLetter(Endpoints endpoints) throws Exception {
        // given
        var coupon = new CouponId(COUPON);
        String command = text(Topics.COMMANDS.encode(
                new IssueCoupon(new RequestId("lost-command"), coupon, new UserId("mina"))));
        String outcome = text(Topics.OUTCOMES.encode(
                new CouponIssued(new RequestId("lost-outcome"), coupon, new UserId("mina"), 4711, Instant.EPOCH)));

        try (var log = new CapturedLog();
                var producer = new KafkaProducer<>(Map.of("bootstrap.servers", endpoints.kafka()),
                        new ByteArraySerializer(), new ByteArraySerializer())) {
            // when
            producer.send(traced(Topics.COMMANDS, command.replace("\"mina\"", "\"\""), CLAIMS + 1)).get();
            producer.send(traced(Topics.OUTCOMES, outcome.replace("4711", "-1"), CLAIMS + 2)).get();

            // then
            awaitLine(log, "IssuanceProcessor - setting aside coupon-commands-", "lost-command", CLAIMS + 1);
            awaitLine(log, "DeadLetterSender - setting aside coupon-outcomes-", "lost-outcome", CLAIMS + 2);
            awaitLine(log, "GateStore - coupon-outcomes-", "lost-outcome", CLAIMS + 2);
            awaitLine(log, "TopicTail - coupon-outcomes-", "lost-outcome", CLAIMS + 2);
        }
    }

    private static ProducerRecord<byte[], byte[]> traced(TopicSpec topic, String value, int claim) {
        var record = new ProducerRecord<>(topic.name(), COUPON.getBytes(UTF_8), value.getBytes(UTF_8));
        record.headers().add("traceparent", traceparent(claim).getBytes(UTF_8));
        return record;
    }

    private static void awaitLine(CapturedLog log, String message, String requestId, int claim) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(log.text().lines())
                .anySatisfy(line -> assertThat(line).contains(message)
                        .contains(" requestId=" + requestId + " traceId=" + traceId(claim))));
    }

    private static String text(byte[] value) {
        return new String(value, UTF_8);
    }

    private static String traceId(int claim) {
        return "4bf92f3577b34da6a3ce929d0e0e%04d".formatted(claim);
    }

    private static String traceparent(int claim) {
        return "00-" + traceId(claim) + "-" + CALLER_SPAN + "-01";
    }

    private static void assertIsComplete(String traceId, String requestId) {
        // Each service exports its spans in batches of its own.
        await().untilAsserted(() -> assertThat(RecordedSpans.of(traceId)).extracting(SpanData::getName)
                .contains(REQUEST, "gate check", "log append", "await outcome", "decide", "store row"));
        List<SpanData> trace = RecordedSpans.of(traceId);
        assertThat(trace).hasSize(6);
        Map<String, SpanData> spans = trace.stream().collect(toMap(SpanData::getName, Function.identity()));
        assertThat(parent(spans, REQUEST)).isEqualTo(CALLER_SPAN);
        List.of("gate check", "log append", "await outcome").forEach(
                step -> assertThat(parent(spans, step)).isEqualTo(spans.get(REQUEST).getSpanId()));
        assertThat(parent(spans, "decide")).isEqualTo(spans.get("log append").getSpanId());
        assertThat(parent(spans, "store row")).isEqualTo(spans.get("decide").getSpanId());
        assertThat(trace).extracting(span -> span.getAttributes().get(REQUEST_ID)).containsOnly(requestId);
        assertThat(trace).extracting(span -> span.getResource().getAttribute(SERVICE)).contains("firstcome-ingress",
                "firstcome-authority", "firstcome-sink");
        assertThat(trace.toString()).as("attributes").doesNotContain("user-of-");
    }

    private static String parent(Map<String, SpanData> spans, String name) {
        return spans.get(name).getParentSpanId();
    }

    private void define(Endpoints endpoints) throws Exception {
        HttpResponse<String> defined = client.send(
                HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + COUPON))
                        .header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + endpoints.adminToken())
                        .PUT(BodyPublishers.ofString("""
                                {"name":"Tea","stock":100,"opensAt":"2026-01-01T00:00:00Z",\
                                "closesAt":"2096-01-01T00:00:00Z"}""")).build(),
                BodyHandlers.ofString());
        assertThat(defined.statusCode()).isEqualTo(201);
    }

    private CompletableFuture<HttpResponse<String>> claim(Endpoints endpoints, String requestId, String... headers) {
        HttpRequest.Builder request = HttpRequest
                .newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + COUPON + "/issues"))
                .header("Content-Type", "application/json").header("Prefer", "wait=30")
                .header("Idempotency-Key", requestId)
                .POST(BodyPublishers.ofString("{\"userId\":\"user-of-" + requestId + "\"}"));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** The names of the headers of each record about the coupon, by request. */
    private static Map<String, List<String>> headersByRequest(String kafka, TopicSpec topic) {
        try (var consumer = RawRecord.consumer(kafka, "trace-test")) {
            consumer.assign(consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList());
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            Map<String, List<String>> headers = new HashMap<>();
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.key(), UTF_8).equals(COUPON)) {
                        headers.put(Topic.requestIdIn(record.value()).orElseThrow().value(),
                                StreamSupport.stream(record.headers().spliterator(), false).map(it -> it.key())
                                        .toList());
                    }
                });
            }
            return headers;
        }
    }
}
