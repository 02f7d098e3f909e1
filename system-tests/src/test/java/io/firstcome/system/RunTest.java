package io.firstcome.system;

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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.id.CouponId;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.embedded.EmbeddedMariaDb;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.standalone.demo.FlashSale;
import io.firstcome.standalone.demo.FlashSale.SaleResult;
import io.firstcome.standalone.demo.SalePlan;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Answer;
import io.firstcome.testkit.evidence.Reply;

/** {@code ./firstcome run} runs each service as a process of its own, against servers that run elsewhere. */
@Order(1)
class RunTest {

    private static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int SIGTERM = 143;
    private static final String TOKEN = "4f1d0c7a92be8365d0aa71c3";
    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e7000";

    /** The service and the variable that the other commands read its address from. */
    private static final Map<String, String> SERVICES = Map.of("ingress", "FIRSTCOME_URL", "processor",
            "FIRSTCOME_PROCESSOR_URL", "sink", "FIRSTCOME_SINK_URL");

    @TempDir
    private static Path directory;

    /** The settings of the services and of the commands, as an operator exports them. */
    private static final Map<String, String> SYSTEM = new HashMap<>();

    private static final Deque<AutoCloseable> STARTED = new ConcurrentLinkedDeque<>();
    private static final Map<String, CommandLine> RUNNING = new HashMap<>();

    @BeforeAll
    static void start() throws Exception {
        Map.of("HTTP", "", "ADMIN", "ADMIN_", "PROCESSOR", "PROCESSOR_", "SINK", "SINK_").forEach((port, url) -> {
            int number = FreePort.pick();
            SYSTEM.put("FIRSTCOME_" + port + "_PORT", String.valueOf(number));
            SYSTEM.put("FIRSTCOME_" + url + "URL", "http://127.0.0.1:" + number);
        });
        // Not in the common pool: on two processors it has one thread, which the end of a process needs too.
        var database = CompletableFuture.supplyAsync(
                () -> started(EmbeddedMariaDb.start(directory.resolve("mysql"), 0)), Thread::startVirtualThread);
        var redis = CompletableFuture.supplyAsync(
                () -> started(EmbeddedRedis.start(directory.resolve("redis"), 0)), Thread::startVirtualThread);
        SYSTEM.put("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS",
                started(EmbeddedKafka.start(directory.resolve("kafka"), 0)).bootstrapServers());
        SYSTEM.put("FIRSTCOME_JDBC_URL", database.join().jdbcUrl());
        SYSTEM.put("FIRSTCOME_REDIS_URL", redis.join().uri());
        SYSTEM.put("FIRSTCOME_REPLICAS", "1");
        SYSTEM.put("FIRSTCOME_STATE_DIR", directory.resolve("state").toString());
        SYSTEM.put("FIRSTCOME_ADMIN_TOKEN", TOKEN);
        SYSTEM.put("FIRSTCOME_LOG_LEVELS_FILE", levels().toString());
        SYSTEM.put("FIRSTCOME_TRACING", "OTLP");
        // Each process keeps its spans, because there is no collector.
        SYSTEM.put("OTEL_TRACES_EXPORTER", "recorded");
        // A service that starts again takes over from its predecessor at once.
        SYSTEM.put("FIRSTCOME_INSTANCE_ID", "a");
        for (String service : SERVICES.keySet()) {
            run(service);
        }
        for (String service : SERVICES.keySet()) {
            awaitReady(service);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            for (CommandLine service : RUNNING.values()) {
                service.terminate();
            }
        } finally {
            while (!STARTED.isEmpty()) {
                STARTED.pop().close();
            }
        }
        assertThat(RUNNING.values()).extracting(CommandLine::exitCode).containsOnly(SIGTERM);
    }

    @Test
    void shouldSellNoMoreThanTheStock() throws Exception {
        // given
        var coupon = new CouponId("tea");
        assertDone("coupon", "create", "tea", "--stock", "20");

        // when
        SaleResult sale = join(SalePlan.of(coupon, 60, 20, 30), () -> {});

        // then
        assertThat(winners(sale)).hasSize(20);
        assertThat(sale.lastReplies()).filteredOn(Reply.Rejected.class::isInstance).hasSize(40);
        awaitRows(coupon, winners(sale));
        try (CommandLine late = CommandLine.start(SYSTEM, "claim", "tea", "late")) {
            assertThat(late.awaitEnd()).contains("sold-out");
            assertThat(late.exitCode()).isEqualTo(1);
        }
        awaitEveryPartUp();
        assertEveryGuarantee();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingress", "processor", "sink"})
    void shouldGoOnAfterAServiceIsKilledDuringASale(String service) throws Exception {
        // given
        var coupon = new CouponId("coffee-" + service);
        assertDone("coupon", "create", coupon.value(), "--stock", "100");
        var plan = SalePlan.of(coupon, 200, 100, 10).retryingAfter(Duration.ofMillis(200));
        var answered = new CountDownLatch(30);
        var rush = CompletableFuture.supplyAsync(() -> join(plan, answered::countDown), Thread::startVirtualThread);
        assertThat(answered.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        // when
        RUNNING.get(service).kill();
        assertThat(rush).as("the sale goes on").isNotDone();
        run(service);
        awaitReady(service);
        SaleResult sale = rush.join();

        // then
        assertThat(winners(sale).keySet())
                .containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
        assertThat(sale.lastReplies()).filteredOn(Reply.Rejected.class::isInstance).hasSize(100);
        awaitRows(coupon, winners(sale));
        assertEveryGuarantee();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "ingress | FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS | - | firstcome: run ingress needs",
        "ingress | FIRSTCOME_ADMIN_TOKEN | - | firstcome: run ingress needs",
        "ingress | FIRSTCOME_ADMIN_TOKEN | short | ingress: setting",
        "processor | FIRSTCOME_STATE_DIR | - | firstcome: run processor needs",
        "sink | FIRSTCOME_JDBC_URL | - | firstcome: run sink needs",
        "sink | FIRSTCOME_SINK_PORT | many | sink: setting"})
    void shouldNameASettingThatIsMissingOrWrong(String service, String setting, String value, String start)
            throws Exception {
        // given
        Map<String, String> wrong = new HashMap<>(SYSTEM);
        wrong.put(setting, value == null ? "" : value);

        try (CommandLine command = CommandLine.start(wrong, "run", service)) {
            // when
            String printed = command.awaitEnd();

            // then
            assertThat(printed.lines()).singleElement().asString().startsWith(start).contains(setting)
                    .doesNotContain("short");
            assertThat(command.exitCode()).isEqualTo(2);
        }
    }

    /** The levels change while the processes run, and one claim is found in the logs of all of them. */
    @Test
    void shouldLogAClaimInEveryServiceOnceTheLevelsAreRaised() throws Exception {
        // given
        assertDone("coupon", "create", "logged", "--stock", "20");
        // when
        Files.writeString(levels(), """
                io.firstcome.kit.server.HttpServer=DEBUG
                io.firstcome.processor.topology.IssuanceProcessor=DEBUG
                io.firstcome.sink.store.BatchWriter=DEBUG
                """);
        awaitLines("log levels from " + levels() + ": {io.firstcome.kit.server.HttpServer=DEBUG");
        claim("followed-1");

        // then
        String requestId = " requestId=followed-1";
        String traceId = " traceId=" + TRACE_ID;
        awaitLine("ingress", "POST /v1/coupons/{couponId}/issues was answered 201", requestId, traceId);
        awaitLine("processor", "decided: CouponIssued", requestId, traceId);
        awaitLine("sink", "stored with the batch", requestId, traceId);

        // when: the file is emptied
        Files.writeString(levels(), "");
        awaitLines("log levels from " + levels() + ": {}");
        claim("followed-2");

        // then
        awaitRows(new CouponId("logged"), Map.of(1L, "user-of-followed-1", 2L, "user-of-followed-2"));
        for (String service : SERVICES.keySet()) {
            assertThat(Files.readString(log(service))).as(service).doesNotContain("followed-2");
        }
    }

    private static void awaitLines(String part) {
        SERVICES.keySet().forEach(service -> awaitLine(service, part));
    }

    private static void awaitLine(String service, String... parts) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(Files.readAllLines(log(service)))
                .anyMatch(line -> Stream.of(parts).allMatch(line::contains)));
    }

    private static void claim(String requestId) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var claim = HttpRequest.newBuilder(URI.create(SYSTEM.get("FIRSTCOME_URL") + "/v1/coupons/logged/issues"))
                    .header("Content-Type", "application/json").header("Prefer", "wait=30")
                    .header("Idempotency-Key", requestId)
                    .header("traceparent", "00-" + TRACE_ID + "-00f067aa0ba902b7-01")
                    .POST(BodyPublishers.ofString("{\"userId\":\"user-of-" + requestId + "\"}")).build();
            assertThat(client.send(claim, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        }
    }

    private static SaleResult join(SalePlan plan, Runnable onAnswered) {
        try {
            return FlashSale.join(plan, endpoints(), onAnswered);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void run(String service) throws IOException {
        RUNNING.put(service, started(CommandLine.startLogging(log(service), SYSTEM, "run", service)));
    }

    /** The file does not exist until a test writes it. */
    private static Path levels() {
        return directory.resolve("levels.properties");
    }

    private static Path log(String service) {
        return directory.resolve(service + ".log");
    }

    private static void awaitReady(String service) {
        var ready = HttpRequest.newBuilder(URI.create(SYSTEM.get(SERVICES.get(service)) + "/readyz")).build();
        try (var client = HttpClient.newHttpClient()) {
            await().atMost(TIMEOUT).untilAsserted(() -> {
                assertThat(RUNNING.get(service).isRunning()).as(Files.readString(log(service))).isTrue();
                assertThat(answer(client, ready)).as(Files.readString(log(service))).isEqualTo("{\"status\":\"ok\"}");
            });
        }
    }

    private static String answer(HttpClient client, HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static void awaitEveryPartUp() {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(assertDone("status")).doesNotContain("DOWN", "UNKNOWN"));
    }

    private static void assertEveryGuarantee() throws IOException, InterruptedException {
        assertThat(assertDone("check")).contains("every guarantee holds").doesNotContain("UNKNOWN");
    }

    private static String assertDone(String... arguments) throws IOException, InterruptedException {
        try (CommandLine command = CommandLine.start(SYSTEM, arguments)) {
            String printed = command.awaitEnd();
            assertThat(command.exitCode()).as(printed).isZero();
            return printed;
        }
    }

    private static SortedMap<Long, String> winners(SaleResult sale) {
        SortedMap<Long, String> winners = new TreeMap<>();
        for (Answer answer : sale.answers()) {
            if (answer.reply() instanceof Reply.Issued issued) {
                winners.put(issued.sequence(), answer.userId().value());
            }
        }
        return winners;
    }

    private static void awaitRows(CouponId coupon, Map<Long, String> winners) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(rows(coupon)).isEqualTo(winners));
    }

    private static Map<Long, String> rows(CouponId coupon) throws SQLException {
        try (Connection database = DriverManager.getConnection(SYSTEM.get("FIRSTCOME_JDBC_URL"));
                PreparedStatement select = database
                        .prepareStatement("SELECT sequence, user_id FROM issued_coupons WHERE coupon_id = ?")) {
            select.setString(1, coupon.value());
            Map<Long, String> rows = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.put(row.getLong(1), row.getString(2));
                }
            }
            return rows;
        }
    }

    private static Endpoints endpoints() {
        return new Endpoints(SYSTEM.get("FIRSTCOME_URL"), SYSTEM.get("FIRSTCOME_ADMIN_URL"), TOKEN,
                SYSTEM.get("FIRSTCOME_PROCESSOR_URL"), SYSTEM.get("FIRSTCOME_SINK_URL"),
                SYSTEM.get("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS"), SYSTEM.get("FIRSTCOME_REDIS_URL"),
                SYSTEM.get("FIRSTCOME_JDBC_URL"));
    }

    private static <T extends AutoCloseable> T started(T part) {
        STARTED.push(part);
        return part;
    }
}
