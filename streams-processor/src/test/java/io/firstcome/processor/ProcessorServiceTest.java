package io.firstcome.processor;

import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.issue;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.processor.topology.CouponTopology;

/** Instances of the authority on a real broker, queried over HTTP. Every coupon has two holders, alice and carol. */
class ProcessorServiceTest {

    /** An id that must be encoded in a URI. */
    private static final String ALICE = "auth0|alice";
    private static final int PARTITIONS = 4;
    private static final int STOCK = 10;
    private static final int HOLDERS = 2;
    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final List<CouponId> COUPONS = IntStream.range(0, 12).mapToObj(i -> couponId("coupon-" + i))
            .toList();

    @TempDir
    private static Path folder;
    private static EmbeddedKafka kafka;
    private static ProcessorService alone;

    @BeforeAll
    static void startKafkaAndOneInstance() {
        kafka = kafkaWithHolders("kafka");
        alone = ProcessorService.start(settings("alone", "alone"));
    }

    private static EmbeddedKafka kafkaWithHolders(String name) {
        EmbeddedKafka kafka = EmbeddedKafka.start(folder.resolve(name), 0);
        TopicProvisioner.ensure(new KafkaSettings(kafka.bootstrapServers(), PARTITIONS), Topics.all());
        Map<String, Object> settings = Map.of("bootstrap.servers", kafka.bootstrapServers());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (CouponId coupon : COUPONS) {
                producer.send(Topics.COMMANDS.record(new DefineCoupon(requestId("define-" + coupon), always(coupon))));
                producer.send(Topics.COMMANDS.record(issue("r1-" + coupon, ALICE, coupon)));
                producer.send(Topics.COMMANDS.record(issue("r2-" + coupon, "carol", coupon)));
            }
        }
        return kafka;
    }

    @AfterAll
    static void stop() {
        alone.close();
        kafka.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "streams"})
    void shouldForwardQueriesAndTakeOver(String protocol) throws IOException, InterruptedException {
        try (var own = kafkaWithHolders(protocol);
                var one = ProcessorService.start(settings(own, protocol, "one"))) {
            var first = new QueryClient(one.url());
            // when
            try (var two = ProcessorService.start(settings(own, protocol, "two"))) {
                var second = new QueryClient(two.url());
                await().atMost(TIMEOUT).until(() -> owners(first).size() == 2 && owners(second).size() == 2);

                // then
                for (CouponId coupon : COUPONS) {
                    shouldGiveSameAnswers(coupon, first, second);
                }
            }
            await().atMost(TIMEOUT).untilAsserted(() -> assertThat(owners(first)).containsExactly(address(first)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/coupons/undefined/stock, 404, unknown-coupon",
        "/v1/coupons/undefined/issues/auth0%7Calice, 404, unknown-coupon",
        "/v1/coupons/undefined/holders, 404, unknown-coupon",
        "/v1/coupons/coupon-1/issues/bob, 404, no-such-issue",
        "/v1/coupons/a%20b/stock, 400, invalid-request",
        "/v1/coupons/a%20b/holders, 400, invalid-request",
        "/v1/coupons/coupon-1/issues/a%20b, 400, invalid-request"})
    void shouldExplainWhyThereIsNoAnswer(String path, int status, String problem) {
        // when
        HttpResponse<String> response = new QueryClient(alone.url()).getAvailable(path);

        // then
        shouldBeProblem(response, status, problem);
    }

    @Test
    void shouldReportThatNothingIsUndecided() {
        // given
        var client = new QueryClient(alone.url());
        client.found("/v1/coupons/coupon-1/stock");

        // then
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(client.found("/v1/status").toString())
                .isEqualTo("{\"name\":\"authority\",\"status\":\"UP\",\"lag\":0}"));
    }

    @Test
    void shouldCountOutcomes() {
        // given
        var client = new QueryClient(alone.url());

        // then
        await().atMost(TIMEOUT).untilAsserted(
                () -> assertThat(issuesCounted(client)).isEqualTo(HOLDERS * COUPONS.size()));
        assertThat(metrics(client)).contains("kafka_stream_", "jvm_memory_");
    }

    @Test
    void shouldRejectStateDirectoryInUse() {
        assertThatThrownBy(() -> ProcessorService.start(settings("alone", "alone")))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_STATE_DIR");
    }

    @Test
    void shouldRejectOtherNumberOfPartitions() {
        // given
        Map<String, String> environment = environment(kafka, "alone", "five");
        environment.put("FIRSTCOME_PARTITIONS", "5");

        // then
        assertThatThrownBy(() -> ProcessorService.start(ProcessorSettings.from(environment)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("has 4 partitions, not 5");
    }

    @Test
    void shouldRefuseAChangelogWithOtherSettings() throws Exception {
        // given: a changelog of an installation that Kafka Streams would accept
        try (Admin admin = Admin.create(new KafkaSettings(kafka.bootstrapServers(), PARTITIONS).client())) {
            var changelog = new NewTopic("authority-older-issued-users-changelog", PARTITIONS, (short) 1);
            admin.createTopics(List.of(changelog.configs(
                    Map.of("cleanup.policy", "compact", "min.insync.replicas", "2")))).all().get();
        }

        // then
        assertThatThrownBy(() -> ProcessorService.start(settings("older", "older"))).isInstanceOf(StartFailure.class)
                .hasMessageContaining("authority-older-issued-users-changelog has min.insync.replicas=2, not 1");
    }

    @Test
    void shouldAllowSecondClose() {
        // given
        ProcessorService authority = ProcessorService.start(settings("twice", "twice"));
        authority.close();

        // then
        assertThatCode(authority::close).doesNotThrowAnyException();
    }

    @Test
    void shouldFailLivenessAfterErrorInStreamThread() {
        // given
        var health = new StreamsHealth();
        var failures = new ThreadFailures(1, InstantSource.system(), health::refuse);
        List<StreamThreadExceptionResponse> responses = new CopyOnWriteArrayList<>();
        var topology = CouponTopology.build(PARTITIONS, (_, _) -> {
            throw new StackOverflowError("provoked by the test");
        });
        var properties = StreamsProperties.of(settings("failing", "failing"), new HostInfo("127.0.0.1", 1));
        try (var streams = new KafkaStreams(topology, properties)) {
            streams.setStateListener(health);
            streams.setUncaughtExceptionHandler(failure -> {
                responses.add(failures.handle(failure));
                return responses.getLast();
            });

            // when
            streams.start();

            // then
            await().atMost(TIMEOUT).until(() -> health.problemOfLiveness().isPresent());
            assertThat(responses).containsExactly(SHUTDOWN_CLIENT);
        }
    }

    private static void shouldGiveSameAnswers(CouponId coupon, QueryClient first, QueryClient second) {
        String stock = "/v1/coupons/" + coupon + "/stock";
        String issues = "/v1/coupons/" + coupon + "/issues/auth0%7Calice";
        for (QueryClient client : List.of(first, second)) {
            shouldHaveStock(coupon, client.found(stock));
            JsonNode issue = client.found(issues);
            assertThat(issue.get("sequence").intValue()).isEqualTo(1);
            assertThat(issue.get("requestId").textValue()).isEqualTo("r1-" + coupon);
        }
        // The group may move a coupon to another owner between any two queries.
        await().pollDelay(Duration.ZERO).atMost(TIMEOUT).untilAsserted(() -> {
            JsonNode answer = first.found(stock);
            assertThat(second.found(stock)).isEqualTo(answer);
            assertThat(second.found(issues)).isEqualTo(first.found(issues));
            shouldPageOverHolders(coupon, first);
            shouldPageOverHolders(coupon, second);
            shouldKeepRequestId(coupon, first);
            shouldKeepRequestId(coupon, second);
            boolean isFirst = answer.get("host").textValue().equals(address(first));
            shouldForwardOnce(stock, isFirst ? first : second, isFirst ? second : first);
        });
    }

    private static void shouldHaveStock(CouponId coupon, JsonNode answer) {
        assertThat(answer.get("couponId").textValue()).isEqualTo(coupon.value());
        assertThat(answer.get("stock").intValue()).isEqualTo(STOCK);
        assertThat(answer.get("issued").intValue()).isEqualTo(HOLDERS);
        assertThat(answer.get("remaining").intValue()).isEqualTo(STOCK - HOLDERS);
        assertThat(answer.get("status").textValue()).isEqualTo("ACTIVE");
        assertThat(answer.get("version").intValue()).isEqualTo(1);
    }

    /** With a limit of 1 the second page needs both parameters, also when the query is forwarded. */
    private static void shouldPageOverHolders(CouponId coupon, QueryClient client) {
        List<CouponIssued> holders = client.holders(coupon, 1);
        assertThat(holders).extracting(holder -> holder.userId().value()).containsExactly(ALICE, "carol");
        assertThat(holders).extracting(CouponIssued::sequence).containsExactly(1L, 2L);
        assertThat(holders).extracting(holder -> holder.requestId().value())
                .containsExactly("r1-" + coupon, "r2-" + coupon);
        assertThat(client.found("/v1/coupons/" + coupon + "/holders").has("next")).isFalse();
    }

    private static void shouldForwardOnce(String stock, QueryClient owner, QueryClient other)
            throws IOException, InterruptedException {
        String[] forwarded = {"FirstCome-Forwarded-By", "example:1"};
        assertThat(owner.get(stock, forwarded).statusCode()).isEqualTo(200);
        HttpResponse<String> secondHop = other.get(stock, forwarded);
        shouldBeProblem(secondHop, 503, "unavailable");
        assertThat(secondHop.headers().firstValue("Retry-After")).contains("1");
    }

    private static void shouldKeepRequestId(CouponId coupon, QueryClient client)
            throws IOException, InterruptedException {
        HttpResponse<String> response = client.get("/v1/coupons/" + coupon + "/issues/bob", "Idempotency-Key", "my-id");
        shouldBeProblem(response, 404, "no-such-issue");
        assertThat(response.headers().allValues("Request-Id")).containsExactly("my-id");
        assertThat(QueryClient.json(response).get("requestId").textValue()).isEqualTo("my-id");
    }

    private static void shouldBeProblem(HttpResponse<String> response, int status, String name) {
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(QueryClient.json(response).get("type").textValue()).endsWith(":" + name);
    }

    /** The owners of all coupons, with a different entry for each coupon that is not decided or has no owner now. */
    private static Set<String> owners(QueryClient client) throws IOException, InterruptedException {
        Set<String> owners = new HashSet<>();
        for (CouponId coupon : COUPONS) {
            HttpResponse<String> response = client.get("/v1/coupons/" + coupon + "/stock");
            boolean isDecided = response.statusCode() == 200
                    && QueryClient.json(response).get("issued").intValue() == HOLDERS;
            owners.add(isDecided
                    ? QueryClient.json(response).get("host").textValue()
                    : "none for " + coupon + ": " + response.body());
        }
        return owners;
    }

    private static String metrics(QueryClient client) {
        return client.getAvailable("/metrics").body();
    }

    private static double issuesCounted(QueryClient client) {
        return metrics(client).lines()
                .filter(line -> line.startsWith("firstcome_outcomes_total") && line.contains("\"CouponIssued\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    private static ProcessorSettings settings(String group, String name) {
        return settings(kafka, group, name);
    }

    private static ProcessorSettings settings(EmbeddedKafka brokers, String group, String name) {
        return ProcessorSettings.from(environment(brokers, group, name));
    }

    /** The group "streams" uses the protocol of that name. */
    private static Map<String, String> environment(EmbeddedKafka brokers, String group, String name) {
        return new HashMap<>(Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", brokers.bootstrapServers(),
                "FIRSTCOME_PARTITIONS", "" + PARTITIONS, "FIRSTCOME_REPLICAS", "1",
                "FIRSTCOME_APPLICATION_ID", "authority-" + group,
                "FIRSTCOME_GROUP_PROTOCOL", group.equals("streams") ? "STREAMS" : "CLASSIC",
                "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_SESSION_TIMEOUT_MS", "6000",
                "FIRSTCOME_STATE_DIR", folder.resolve(group + "-" + name).toString()));
    }

    private static CouponDefinition always(CouponId coupon) {
        return new CouponDefinition(coupon, "Coffee", STOCK, Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"));
    }

    private static String address(QueryClient client) {
        return URI.create(client.url()).getAuthority();
    }
}
