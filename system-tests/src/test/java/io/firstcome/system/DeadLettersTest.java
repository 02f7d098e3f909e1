package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.Json;
import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.sink.database.DatabaseSettings;
import io.firstcome.standalone.deadletters.DeadLetters;
import io.firstcome.standalone.deadletters.Letter;
import io.firstcome.standalone.deadletters.LetterId;
import io.firstcome.standalone.deadletters.Mark;
import io.firstcome.standalone.deadletters.ReplayResult;
import io.firstcome.standalone.deadletters.ReplayResult.Refused;
import io.firstcome.standalone.deadletters.ReplayResult.Replayed;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LogReader;

/** Dead letters of both topics, on a running system. */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
class DeadLettersTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final CouponId coupon = new CouponId("dlq-" + Long.toString(System.nanoTime(), 36));
    private final HttpClient http = HttpClient.newHttpClient();
    private Endpoints endpoints;
    private KafkaProducer<byte[], byte[]> producer;
    private DeadLetters letters;

    @BeforeEach
    void prepare(Endpoints running) throws Exception {
        endpoints = running;
        producer = new KafkaProducer<>(Map.of("bootstrap.servers", endpoints.kafka()), new ByteArraySerializer(),
                new ByteArraySerializer());
        letters = new DeadLetters(new KafkaConnection(endpoints.kafka()));
        send("PUT", endpoints.admin() + "/v1/coupons/" + coupon, """
                {"name":"Tea","stock":2,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z"}""");
    }

    @AfterEach
    void close() {
        letters.close();
        producer.close();
        http.close();
    }

    @Test
    void shouldReplayACommandOnce() throws Exception {
        // given
        var claim = new IssueCoupon(new RequestId("r-" + coupon), coupon, new UserId("amy"));
        LetterId readable = writeLetter(Topics.COMMANDS_DLQ, Topics.COMMANDS.encode(claim),
                new RecordPosition("coupon-commands", 0, 0));
        producer.send(new ProducerRecord<>("coupon-commands", Topic.key(coupon), "{".getBytes(UTF_8))).get();
        await().atMost(TIMEOUT).until(() -> open(Topics.COMMANDS_DLQ).size() == 2);
        LetterId garbage = open(Topics.COMMANDS_DLQ).stream().map(Letter::id).filter(id -> !id.equals(readable))
                .findAny().orElseThrow();

        // when
        Map<LetterId, ReplayResult> first = letters.replay(List.of(readable, garbage), this::database);
        Map<LetterId, ReplayResult> second = letters.replay(List.of(readable), this::database);

        // then
        assertThat(first.get(readable)).isInstanceOf(Replayed.class);
        assertThat(first.get(garbage)).isInstanceOfSatisfying(Refused.class,
                it -> assertThat(it.why()).contains("not readable"));
        assertThat(second.get(readable)).isInstanceOfSatisfying(Refused.class,
                it -> assertThat(it.why()).contains("it was replayed at", "coupon-commands-"));
        CouponLog log = new LogReader(endpoints.kafka()).readSettled(coupon, TIMEOUT);
        assertThat(log.commands()).hasSize(3);
        assertThat(log.outcomes()).last().satisfies(it -> assertThat(it.outcome())
                .isInstanceOfSatisfying(CouponIssued.class, issued -> {
                    assertThat(issued.requestId()).isEqualTo(claim.requestId());
                    assertThat(issued.sequence()).isEqualTo(1);
                }));
        assertThat(open(Topics.COMMANDS_DLQ)).extracting(Letter::id).containsExactly(garbage);
        assertThat(headersOfLastCommand()).containsEntry("v", "0.0.9").containsEntry("firstcome.replayed-from",
                readable.position().toString());

        // when
        Map<LetterId, ReplayResult> dropped = letters.drop(List.of(garbage), "a test wrote it");
        Map<LetterId, ReplayResult> droppedAgain = letters.drop(List.of(garbage, readable), "again");

        // then
        assertThat(dropped.get(garbage)).isInstanceOf(Replayed.class);
        assertThat(droppedAgain.values()).hasSize(2).allMatch(Refused.class::isInstance);
        assertThat(ofCoupon(Topics.COMMANDS_DLQ)).extracting(letter -> letter.mark().orElseThrow().kind())
                .containsExactlyInAnyOrder(Mark.Kind.REPLAYED, Mark.Kind.DROPPED);
    }

    /** Behind the first record of an open transaction there may be a mark, and the letter must not look open. */
    @Test
    void shouldWaitForOpenTransactions() throws Exception {
        // given
        LetterId letter = writeLetter(Topics.COMMANDS_DLQ, "{".getBytes(UTF_8),
                new RecordPosition("coupon-commands", 0, 7));
        try (var other = new KafkaProducer<>(Map.of("bootstrap.servers", endpoints.kafka(), "transactional.id",
                coupon.value()), new ByteArraySerializer(), new ByteArraySerializer());
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            other.initTransactions();
            other.beginTransaction();
            other.send(new ProducerRecord<>(letter.topic().name(), letter.partition(), Topic.key(coupon), null)).get();
            var mark = new ProducerRecord<byte[], byte[]>(letter.topic().name(), letter.partition(), Topic.key(coupon),
                    null);
            mark.headers().add(DeadLetterTopic.MARK, "dropped".getBytes(UTF_8)).add(DeadLetterTopic.LETTER,
                    letter.position().toString().getBytes(UTF_8));
            producer.send(mark).get();

            // when
            Future<List<Letter>> read = executor.submit(() -> ofCoupon(Topics.COMMANDS_DLQ));

            // then
            assertThat(read).failsWithin(Duration.ofMillis(500)).withThrowableOfType(TimeoutException.class);
            other.abortTransaction();
            assertThat(read).succeedsWithin(TIMEOUT).satisfies(all -> assertThat(all).singleElement()
                    .satisfies(only -> assertThat(only.mark()).isPresent()));
        }
    }

    @Test
    void shouldStoreTheOutcomeOfALetter() throws Exception {
        // given
        send("POST", endpoints.http() + "/v1/coupons/" + coupon + "/issues", "{\"userId\":\"amy\"}");
        await().atMost(TIMEOUT).until(() -> rows() == 1);
        var logged = new LogReader(endpoints.kafka()).readSettled(coupon, TIMEOUT).outcomes().getLast();
        execute("DELETE FROM issued_coupons WHERE coupon_id = '" + coupon + "'");
        var origin = new RecordPosition("coupon-outcomes", logged.partition(), logged.offset());
        byte[] value = Topics.OUTCOMES.encode(logged.outcome());
        LetterId letter = writeLetter(Topics.OUTCOMES_DLQ, value, origin);
        LetterId forged = writeLetter(Topics.OUTCOMES_DLQ,
                new String(value, UTF_8).replace("amy", "eve").getBytes(UTF_8), origin);

        // when
        Map<LetterId, ReplayResult> first = letters.replay(List.of(letter, forged), this::database);
        Map<LetterId, ReplayResult> second = letters.replay(List.of(letter), this::database);

        // then
        assertThat(first.get(letter)).isEqualTo(new Replayed("stored"));
        assertThat(first.get(forged)).isInstanceOfSatisfying(Refused.class,
                it -> assertThat(it.why()).contains("the log has another record at " + origin));
        assertThat(second.get(letter)).isEqualTo(new Replayed("the row was stored before"));
        assertThat(rows()).isEqualTo(1);
        assertThat(new LogReader(endpoints.kafka()).read(coupon, TIMEOUT).outcomes()).hasSize(2);
        letters.drop(List.of(forged), "a test wrote it");
    }

    @Test
    void shouldWorkOnTheCommandLine(@TempDir Path directory) throws Exception {
        // given
        LetterId letter = writeLetter(Topics.COMMANDS_DLQ, "\u001b[31mred".getBytes(UTF_8),
                new RecordPosition("coupon-commands", 0, 7));
        writeEndpoints(directory);

        // when
        String listed = run(0, "dlq", "list", "--coupon", coupon.value(), "--data-dir", directory.toString());
        String json = run(0, "dlq", "show", letter.toString(), "--json", "--kafka", endpoints.kafka());
        String replayed = run(1, "dlq", "replay", "--all", "--coupon", coupon.value(), "--kafka", endpoints.kafka());
        String dropped = run(0, "dlq", "drop", letter.toString(), "--reason", "a test wrote it", "--kafka",
                endpoints.kafka());

        // then
        assertThat(listed).contains(letter + "  ", "open  coupon " + coupon + "  from coupon-commands-0@7", "?[31mred",
                "1 open letters");
        JsonNode shown = Json.read(json.getBytes(UTF_8), JsonNode.class);
        assertThat(shown.path("reason").asText()).isEqualTo("of a test");
        assertThat(shown.path("text").asText()).isEqualTo("\u001b[31mred");
        assertThat(replayed).contains(letter + "  NOT DONE: it is not readable", "0 of 1 letters done");
        assertThat(dropped).contains(letter + "  dropped", "1 of 1 letters done");
    }

    @Test
    void shouldStoreTheOutcomeOfALetterOnTheCommandLine(@TempDir Path directory) throws Exception {
        // given
        send("POST", endpoints.http() + "/v1/coupons/" + coupon + "/issues", "{\"userId\":\"amy\"}");
        await().atMost(TIMEOUT).until(() -> rows() == 1);
        var logged = new LogReader(endpoints.kafka()).readSettled(coupon, TIMEOUT).outcomes().getLast();
        execute("DELETE FROM issued_coupons WHERE coupon_id = '" + coupon + "'");
        LetterId letter = writeLetter(Topics.OUTCOMES_DLQ, Topics.OUTCOMES.encode(logged.outcome()),
                new RecordPosition("coupon-outcomes", logged.partition(), logged.offset()));
        writeEndpoints(directory);

        // when
        String replayed = run(0, "dlq", "replay", "--topic", "outcomes", "--all", "--coupon", coupon.value(),
                "--data-dir", directory.toString());

        // then
        assertThat(replayed).contains(letter + "  stored", "1 of 1 letters done");
        assertThat(rows()).isEqualTo(1);
    }

    private void writeEndpoints(Path directory) throws IOException {
        Files.writeString(directory.resolve("endpoints.properties"), """
                http.url=%s
                admin.url=%s
                admin.token=x
                processor.url=%s
                sink.url=%s
                kafka.bootstrap=%s
                redis.uri=%s
                jdbc.url=%s
                """.formatted(endpoints.http(), endpoints.admin(), endpoints.processor(), endpoints.sink(),
                endpoints.kafka(), endpoints.redis(), endpoints.jdbc()));
    }

    private static String run(int exitCode, String... arguments) throws Exception {
        try (CommandLine command = CommandLine.start(arguments)) {
            String printed = command.awaitEnd();
            assertThat(command.exitCode()).as(printed).isEqualTo(exitCode);
            return printed;
        }
    }

    private LetterId writeLetter(DeadLetterTopic topic, byte[] value, RecordPosition origin) throws Exception {
        var written = new RecordHeaders().add(WriterVersion.HEADER, "0.0.9".getBytes(UTF_8));
        DeadLetter letter = DeadLetter.of(Topic.key(coupon), value, written, "of a test", origin);
        RecordMetadata appended = producer
                .send(new ProducerRecord<>(topic.name(), null, letter.key(), letter.value(), letter.headers())).get();
        return new LetterId(topic, appended.partition(), appended.offset());
    }

    /** The last value of each header of the coupon's last command. */
    private Map<String, String> headersOfLastCommand() {
        Map<String, String> headers = new HashMap<>();
        try (var consumer = RawRecord.consumer(endpoints.kafka(), "dlq-test")) {
            consumer.assign(consumer.partitionsFor("coupon-commands").stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList());
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (new String(record.key(), UTF_8).equals(coupon.value())) {
                        headers.clear();
                        record.headers()
                                .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
                    }
                });
            }
        }
        return headers;
    }

    private List<Letter> ofCoupon(DeadLetterTopic topic) {
        return letters.letters(List.of(topic)).stream()
                .filter(letter -> letter.couponId().map(coupon::equals).orElse(false)).toList();
    }

    private List<Letter> open(DeadLetterTopic topic) {
        return ofCoupon(topic).stream().filter(letter -> letter.mark().isEmpty()).toList();
    }

    private DatabaseSettings database() {
        return new DatabaseSettings(endpoints.jdbc(), "", "", 2, 1);
    }

    private int rows() throws Exception {
        try (Connection connection = DriverManager.getConnection(endpoints.jdbc());
                Statement statement = connection.createStatement();
                ResultSet count = statement
                        .executeQuery("SELECT COUNT(*) FROM issued_coupons WHERE coupon_id = '" + coupon + "'")) {
            count.next();
            return count.getInt(1);
        }
    }

    private void execute(String sql) throws Exception {
        try (Connection connection = DriverManager.getConnection(endpoints.jdbc());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void send(String method, String url, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + endpoints.adminToken()).header("Prefer", "wait=30")
                .method(method, BodyPublishers.ofString(body)).build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isBetween(200, 299);
    }
}
