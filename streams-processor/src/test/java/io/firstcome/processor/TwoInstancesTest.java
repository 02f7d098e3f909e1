package io.firstcome.processor;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.Json;
import io.firstcome.contract.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;

/** Two instances that share the partitions, asked over HTTP. */
class TwoInstancesTest {

    private static final int PARTITIONS = 4;
    private static final int STOCK = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<CouponId> COUPONS = IntStream.range(0, 12).mapToObj(i -> couponId("coupon-" + i))
            .toList();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    private static Path folder;
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafkaWithOneIssueOfEachCoupon() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), PARTITIONS), Topics.all());
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (CouponId coupon : COUPONS) {
                producer.send(Topics.COMMANDS.record(new DefineCoupon(requestId("define-" + coupon), always(coupon))));
                producer.send(Topics.COMMANDS.record(issue("r-" + coupon, "alice", coupon)));
            }
        }
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void shouldAnswerForEachOtherAndTakeOver(String protocol) throws IOException, InterruptedException {
        try (var one = start(protocol, "one")) {
            try (var two = start(protocol, "two")) {
                // given
                await().atMost(PATIENCE).until(() -> hostsAsToldBy(one).size() == 2 && hostsAsToldBy(two).size() == 2);

                // then
                for (CouponId coupon : COUPONS) {
                    shouldGiveTheSameRightAnswers(coupon, one, two);
                }
            }
            await().atMost(PATIENCE).untilAsserted(
                    () -> assertThat(hostsAsToldBy(one)).containsExactly(authority(one)));
        }
    }

    @Test
    void shouldExplainWhatItCannotAnswer() throws IOException, InterruptedException {
        try (var authority = start("classic", "alone")) {
            assertThat(get(authority, "/v1/coupons/coupon-1/stock").statusCode()).isIn(503, 200);
            await().atMost(PATIENCE).until(() -> get(authority, "/readyz").statusCode() == 200);

            shouldBeProblem(answer(authority, "/v1/coupons/nobodys/stock"), 404, "unknown-coupon");
            shouldBeProblem(answer(authority, "/v1/coupons/nobodys/issues/alice"), 404, "unknown-coupon");
            shouldBeProblem(answer(authority, "/v1/coupons/coupon-1/issues/bob"), 404, "no-such-issue");
            shouldBeProblem(get(authority, "/v1/coupons/a%20b/stock"), 400, "invalid-request");
            shouldBeProblem(get(authority, "/v1/coupons/coupon-1/issues/a%20b"), 400, "invalid-request");
        }
    }

    @Test
    void shouldCountWhatItDecides() throws IOException, InterruptedException {
        try (var authority = start("classic", "counting", "FIRSTCOME_APPLICATION_ID", "counting")) {
            await().atMost(PATIENCE).until(() -> issuesCounted(authority) == COUPONS.size());

            assertThat(get(authority, "/metrics").body()).contains("kafka_stream_", "jvm_memory_");
        }
    }

    @Test
    void shouldBearBeingClosedTwice() {
        ProcessorService authority = start("classic", "twice");
        authority.close();

        assertThatCode(authority::close).doesNotThrowAnyException();
    }

    @Test
    void shouldRefuseToStartOnAnotherNumberOfPartitions() {
        assertThatThrownBy(() -> start("classic", "refused", "FIRSTCOME_PARTITIONS", "5"))
                .isInstanceOf(StartFailure.class).hasMessageContaining("has 4 partitions, not 5");
    }

    @Test
    void shouldRefuseToStartOnAnothersStateDirectory() {
        try (var _ = start("classic", "shared")) {
            assertThatThrownBy(() -> start("classic", "shared"))
                    .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_STATE_DIR");
        }
    }

    private static void shouldGiveTheSameRightAnswers(CouponId coupon, ProcessorService one, ProcessorService two) {
        String stock = "/v1/coupons/" + coupon + "/stock";
        String issues = "/v1/coupons/" + coupon + "/issues/alice";
        for (ProcessorService instance : List.of(one, two)) {
            shouldTellTheStock(coupon, found(instance, stock));
            JsonNode issue = found(instance, issues);
            assertThat(issue.get("sequence").intValue()).isEqualTo(1);
            assertThat(issue.get("requestId").textValue()).isEqualTo("r-" + coupon);
        }
        // The group may still give a coupon to another owner, between any two questions.
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode answer = found(one, stock);
            assertThat(found(two, stock)).isEqualTo(answer);
            assertThat(found(two, issues)).isEqualTo(found(one, issues));
            shouldNameTheQuestion(coupon, one);
            shouldNameTheQuestion(coupon, two);
            boolean isFirst = answer.get("host").textValue().equals(authority(one));
            shouldForwardOnce(stock, isFirst ? one : two, isFirst ? two : one);
        });
    }

    private static void shouldTellTheStock(CouponId coupon, JsonNode answer) {
        assertThat(answer.get("couponId").textValue()).isEqualTo(coupon.value());
        assertThat(answer.get("stock").intValue()).isEqualTo(STOCK);
        assertThat(answer.get("issued").intValue()).isEqualTo(1);
        assertThat(answer.get("remaining").intValue()).isEqualTo(STOCK - 1);
        assertThat(answer.get("status").textValue()).isEqualTo("ACTIVE");
        assertThat(answer.get("version").intValue()).isEqualTo(1);
    }

    private static void shouldForwardOnce(String stock, ProcessorService owner, ProcessorService other)
            throws IOException, InterruptedException {
        assertThat(getForwarded(owner, stock).statusCode()).isEqualTo(200);
        HttpResponse<String> secondHop = getForwarded(other, stock);
        shouldBeProblem(secondHop, 503, "unavailable");
        assertThat(secondHop.headers().firstValue("Retry-After")).contains("1");
    }

    private static void shouldNameTheQuestion(CouponId coupon, ProcessorService instance)
            throws IOException, InterruptedException {
        HttpResponse<String> nothing = getAs(instance, "/v1/coupons/" + coupon + "/issues/bob", "my-question");
        shouldBeProblem(nothing, 404, "no-such-issue");
        assertThat(nothing.headers().allValues("Request-Id")).containsExactly("my-question");
        assertThat(json(nothing).get("requestId").textValue()).isEqualTo("my-question");
    }

    private static JsonNode found(ProcessorService instance, String path) {
        HttpResponse<String> answer = answer(instance, path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return json(answer);
    }

    /** Asks again after 503, as that says: the owner is changing, or was not fast enough. Any other answer is final. */
    private static HttpResponse<String> answer(ProcessorService instance, String path) {
        return await().atMost(PATIENCE).until(() -> get(instance, path), answer -> answer.statusCode() != 503);
    }

    private static void shouldBeProblem(HttpResponse<String> answer, int status, String name) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(json(answer).get("type").textValue()).endsWith(":" + name);
    }

    /** The owners of all coupons; anything but 200 on the way must be a 503 that says when to come back. */
    private static Set<String> hostsAsToldBy(ProcessorService instance) throws IOException, InterruptedException {
        Set<String> hosts = new HashSet<>();
        for (CouponId coupon : COUPONS) {
            HttpResponse<String> answer = get(instance, "/v1/coupons/" + coupon + "/stock");
            if (answer.statusCode() == 200 && json(answer).get("issued").intValue() == 1) {
                hosts.add(json(answer).get("host").textValue());
            } else {
                hosts.add("none: " + answer.body());
            }
        }
        return hosts;
    }

    private static double issuesCounted(ProcessorService authority) throws IOException, InterruptedException {
        return get(authority, "/metrics").body().lines()
                .filter(line -> line.startsWith("firstcome_outcomes_total") && line.contains("\"CouponIssued\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    private static ProcessorService start(String protocol, String name) {
        return ProcessorService.start(ProcessorSettings.from(environment(protocol, name)));
    }

    private static ProcessorService start(String protocol, String name, String key, String value) {
        Map<String, String> environment = new HashMap<>(environment(protocol, name));
        environment.put(key, value);
        return ProcessorService.start(ProcessorSettings.from(environment));
    }

    /** Each protocol has a group of its own: every group decides the same commands from the first one on. */
    private static Map<String, String> environment(String protocol, String name) {
        return Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "FIRSTCOME_PARTITIONS",
                "" + PARTITIONS,
                "FIRSTCOME_APPLICATION_ID", "authority-" + protocol, "FIRSTCOME_GROUP_PROTOCOL", protocol,
                "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_SESSION_TIMEOUT_MS", "6000",
                "FIRSTCOME_STATE_DIR", folder.resolve(protocol + "-" + name).toString());
    }

    private static CouponDefinition always(CouponId coupon) {
        return new CouponDefinition(coupon, "Coffee", STOCK, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
    }

    private static String authority(ProcessorService instance) {
        return URI.create(instance.url()).getAuthority();
    }

    private static HttpResponse<String> get(ProcessorService instance, String path)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(instance.url() + path)));
    }

    private static HttpResponse<String> getAs(ProcessorService instance, String path, String requestId)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(instance.url() + path)).header("Idempotency-Key", requestId));
    }

    private static HttpResponse<String> getForwarded(ProcessorService instance, String path)
            throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(instance.url() + path))
                .header("FirstCome-Forwarded-By", "somebody:1"));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(UTF_8), JsonNode.class);
    }
}
