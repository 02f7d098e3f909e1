package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.Service;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.sink.SinkService;
import io.firstcome.sink.SinkSettings;
import io.firstcome.standalone.check.CheckTarget;
import io.firstcome.standalone.check.LiveCheck;
import io.firstcome.standalone.check.report.CheckReport;
import io.firstcome.standalone.check.report.CheckResult.Status;
import io.firstcome.standalone.deadletters.DeadLetters;
import io.firstcome.standalone.deadletters.Letter;
import io.firstcome.standalone.deadletters.LetterId;
import io.firstcome.standalone.deadletters.ReplayResult;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;

/** The three services and the command line on a broker that demands TLS, users and rights. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SecuredKafkaTest {

    private static final CouponId COUPON = new CouponId("secured");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOKEN = "token-of-the-secured-kafka-test";
    private static final Deque<AutoCloseable> STARTED = new ArrayDeque<>();

    @TempDir
    private static Path directory;
    private static SecuredKafka kafka;
    private static Map<String, String> environment;
    private static Endpoints endpoints;

    @BeforeAll
    static void start(Endpoints shared) throws Exception {
        kafka = started(SecuredKafka.start(directory));
        String jdbc = shared.jdbc().replaceFirst("(jdbc:mysql://[^/]+/)[^?]+", "$1secured");
        try (Connection server = DriverManager.getConnection(shared.jdbc());
                Statement create = server.createStatement()) {
            create.execute("CREATE DATABASE secured");
        }
        environment = Map.of("FIRSTCOME_PARTITIONS", "2", "FIRSTCOME_REPLICAS", "1", "FIRSTCOME_REDIS_URL",
                shared.redis() + "/1", "FIRSTCOME_JDBC_URL", jdbc, "FIRSTCOME_STATE_DIR",
                directory.resolve("state").toString(), "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_SINK_PORT", "0",
                "FIRSTCOME_HTTP_PORT", "0", "FIRSTCOME_ADMIN_PORT", "0");
        Files.writeString(directory.resolve("token"), TOKEN);
        try {
            startServices(shared, jdbc);
        } catch (StartFailure e) {
            throw new AssertionError("missing rights: " + denied(), e);
        }
    }

    /** Only the processor may create topics, so it starts first. */
    private static void startServices(Endpoints shared, String jdbc) {
        var processor = started(ProcessorService.start(ProcessorSettings.from(of("processor"))));
        var sink = started(SinkService.start(SinkSettings.from(of("sink"))));
        var ingress = started(IngressService.start(IngressSettings.from(of("ingress", "FIRSTCOME_PROCESSOR_URL",
                processor.url(), "FIRSTCOME_SINK_URL", sink.url(), "FIRSTCOME_ADMIN_TOKEN_FILE",
                directory.resolve("token").toString()))));
        for (Service service : List.of(processor, sink, ingress)) {
            await().atMost(TIMEOUT).untilAsserted(
                    () -> assertThat(service.health().problemsOfReadiness()).as("%s", denied()).isEmpty());
        }
        endpoints = new Endpoints(ingress.url(), ingress.adminUrl(), TOKEN, processor.url(), sink.url(),
                kafka.connection("operator").bootstrap(), shared.redis() + "/1", jdbc);
    }

    @AfterAll
    static void stop() throws Exception {
        while (!STARTED.isEmpty()) {
            STARTED.pop().close();
        }
    }

    private static <T extends AutoCloseable> T started(T part) {
        STARTED.push(part);
        return part;
    }

    private static Map<String, String> of(String user, String... more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(kafka.environment(user));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Environment.withFiles(all);
    }

    private static Set<RecordingAuthorizer.Attempt> denied() {
        return RecordingAuthorizer.DENIED;
    }

    @Test
    @Order(1)
    void shouldRunASaleWithTheDocumentedRights() throws Exception {
        // when
        FlashSale.run(SalePlan.of(COUPON, 60, 20, 20), endpoints, () -> {});
        CheckReport report = LiveCheck.run(new CheckTarget(kafka.connection("operator"), "firstcome-authority",
                Optional.of(endpoints.redis()),
                Optional.of(SinkSettings.from(Map.of("FIRSTCOME_JDBC_URL", endpoints.jdbc())).database()),
                Optional.of(List.of(URI.create(endpoints.processor()))), Optional.of(URI.create(endpoints.http())),
                Optional.empty(), Set.of(COUPON), TIMEOUT), new SilentProgress());

        // then
        assertThat(report.status()).as("%s, denied: %s", report, denied()).isEqualTo(Status.HELD);
    }

    @Test
    @Order(2)
    void shouldSetRecordsAsideAndReplayThem() throws Exception {
        // given
        var claim = new IssueCoupon(new RequestId("of-a-letter"), COUPON, new UserId("amy"));
        LetterId command = writeLetterAndGarbage(claim);
        try (var letters = new DeadLetters(kafka.connection("operator"))) {
            await().atMost(TIMEOUT).untilAsserted(
                    () -> assertThat(letters(letters)).as("%s", denied()).hasSize(3));
            List<LetterId> garbage = letters(letters).stream().map(Letter::id).filter(id -> !id.equals(command))
                    .toList();

            // when
            var replayed = letters.replay(List.of(command), () -> null);
            var dropped = letters.drop(garbage, "a test wrote it");

            // then
            assertThat(replayed.values()).hasOnlyElementsOfType(ReplayResult.Replayed.class);
            assertThat(dropped.values()).hasOnlyElementsOfType(ReplayResult.Replayed.class);
        }
    }

    /** Garbage in both topics, which the services set aside, and a letter that can be replayed. */
    private static LetterId writeLetterAndGarbage(IssueCoupon claim) throws Exception {
        var letter = DeadLetter.of(Topic.key(COUPON), Topics.COMMANDS.encode(claim), new RecordHeaders(), "of a test",
                new RecordPosition("coupon-commands", 0, 0));
        byte[] garbage = "{".getBytes(UTF_8);
        try (var admin = new KafkaProducer<>(kafka.connection("admin").client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            admin.send(new ProducerRecord<>("coupon-commands", Topic.key(COUPON), garbage)).get();
            admin.send(new ProducerRecord<>("coupon-outcomes", Topic.key(COUPON), garbage)).get();
            RecordMetadata written = admin.send(new ProducerRecord<>("coupon-commands-dlq", null, letter.key(),
                    letter.value(), letter.headers())).get();
            return new LetterId(Topics.COMMANDS_DLQ, written.partition(), written.offset());
        }
    }

    private static List<Letter> letters(DeadLetters letters) {
        return letters.letters(List.<DeadLetterTopic>of(Topics.COMMANDS_DLQ, Topics.OUTCOMES_DLQ));
    }

    @Test
    @Order(3)
    void shouldNeedEveryDocumentedRight() throws Exception {
        // when
        Stream<KafkaRight> notNeeded = KafkaRight.documented().stream()
                .filter(right -> RecordingAuthorizer.ALLOWED.stream().noneMatch(right::allowed));

        // then
        assertThat(notNeeded).as("documented rights that were not needed").isEmpty();
        // Kafka looks for rights on the cluster first, and is content with those on the topics.
        assertThat(denied()).filteredOn(it -> it.type() != ResourceType.CLUSTER).as("missing rights").isEmpty();
    }

    @Test
    @Order(4)
    void shouldNotStartWithoutARight() throws Exception {
        // given
        kafka.revoke(new KafkaRight("sink", ResourceType.TOPIC, "coupon-outcomes", AclOperation.DESCRIBE_CONFIGS));

        // then
        assertThatThrownBy(() -> SinkService.start(SinkSettings.from(of("sink")))).isInstanceOf(StartFailure.class)
                .hasMessageContaining("TopicAuthorizationException").hasMessageContaining("Grant ");
    }

    @Test
    @Order(5)
    void shouldNotAcceptAClaimWithoutTheRightToWrite() throws Exception {
        // given
        var coupon = new CouponId("secured-later");
        FlashSale.run(SalePlan.of(coupon, 1, 5, 1), endpoints, () -> {});
        kafka.revoke(new KafkaRight("ingress", ResourceType.TOPIC, "coupon-commands", AclOperation.WRITE));

        // when
        int status = claim(coupon);

        // then
        assertThat(status).isEqualTo(503);
    }

    @Test
    @Order(6)
    void shouldNotStartWithAWrongPassword() throws Exception {
        // given
        Map<String, String> wrong = new HashMap<>(of("sink"));
        wrong.put("FIRSTCOME_KAFKA_SASL_JAAS_CONFIG", SecuredKafka.jaas("sink", "hidden"));

        // then
        assertThatThrownBy(() -> SinkService.start(SinkSettings.from(wrong))).isInstanceOf(StartFailure.class)
                .hasMessageContaining("invalid credentials").hasMessageContaining("FIRSTCOME_KAFKA_SECURITY_PROTOCOL")
                .hasMessageNotContaining("hidden");
    }

    private static int claim(CouponId coupon) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var claim = HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + coupon + "/issues"))
                    .header("Content-Type", "application/json").POST(BodyPublishers.ofString("{\"userId\":\"late\"}"));
            return client.send(claim.build(), BodyHandlers.discarding()).statusCode();
        }
    }
}
