package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.http.RawConnection;

import redis.clients.jedis.Jedis;

/**
 * A real Prometheus scrapes a running stack during two small sales with winners, losers, a revocation and troubles.
 * Every expression of the dashboards and alarms must be valid and find its series, and what counts the sales must move.
 */
@ExtendWith(SharedStack.class)
@ResourceLock(SharedStack.LOCK)
@TestInstance(Lifecycle.PER_CLASS)
class PrometheusTest {

    private static final Path OPS = Path.of("..", "ops").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int STOCK = 3;
    private static final int USERS = 6;

    /** Parts of expressions that find nothing in this stack, with the reason. */
    private static final Map<String, String> NOT_HERE = Map.of(
            "ALERTS{", "Prometheus has this series while an alarm is raised or waits",
            "http_server_requests_seconds_count{status=~\"5..\"}", "appears with the first answer that is a 5xx",
            "firstcome_tokens_rejected_total", "exists only where users send tokens",
            "redis_master_link_up", "exists only at a replica of Redis",
            "mysql_slave_status_", "exists only at a replica of MySQL");

    /** Series that do not exist here; the expressions above are the only ones that may use them. */
    private static final Set<String> SERIES_NOT_HERE = Set.of("ALERTS", "firstcome_tokens_rejected_total",
            "redis_master_link_up", "mysql_slave_status_seconds_behind_source",
            "mysql_slave_status_replica_io_running", "mysql_slave_status_replica_sql_running");

    /** What a sale with winners, losers, a revocation and troubles must raise. */
    private static final List<String> MOVING = List.of(
            "sum(firstcome_claims_total{answer=\"ISSUED\"})",
            "sum(firstcome_claims_total{answer=\"SOLD_OUT\"})",
            "sum(http_server_requests_seconds_count{route=\"/v1/coupons/{couponId}/issues\"})",
            "sum(firstcome_gate_replies_total{reply=\"ADMITTED\"})",
            "sum(firstcome_gate_batch_claims_count)",
            "sum(firstcome_gate_roundtrip_seconds_count)",
            "sum(firstcome_append_duration_seconds_count)",
            "sum(firstcome_outcomes_total{kind=\"CouponIssued\"})",
            "sum(firstcome_outcomes_total{kind=\"CouponChanged\"})",
            "sum(firstcome_outcomes_total{kind=\"IssueRevoked\"})",
            "sum(firstcome_decision_delay_seconds_count)",
            "sum(firstcome_commit_duration_seconds_count)",
            "sum(firstcome_commit_outcomes_sum)",
            "sum(firstcome_answer_delay_seconds_count)",
            "sum(firstcome_sink_batch_seconds_count)",
            "sum(firstcome_sink_batch_rows_sum)",
            "sum(firstcome_row_delay_seconds_count)",
            "sum(firstcome_sink_rows_total)",
            "sum(firstcome_sink_revocations_total)",
            "sum(kafka_producer_outgoing_byte_total)",
            "sum(firstcome_authority_dead_letters_total)",
            "sum(firstcome_sink_dead_letters_total)",
            "sum(firstcome_sink_rows_duplicate_total)",
            "sum(firstcome_reader_records_invalid_total)",
            "sum(firstcome_gate_projector_records_invalid_total)",
            "sum(firstcome_gate_fills_total)",
            "sum(firstcome_gate_fill_holders_total)",
            "sum(firstcome_gate_fill_duration_seconds_count)",
            "sum(firstcome_limits_rejected_total)",
            "sum(http_server_requests_rejected_total)",
            "sum(jvm_gc_pause_seconds_count)");

    /** Counters and histograms of dashboards and alarms that two sales do not raise, with the reason. */
    private static final Map<String, String> STILL = Map.of(
            "firstcome_events_subscribers_dropped", "needs a client that leaves its socket's buffer full for long",
            "firstcome_loop_failures", "needs an outage of a server, which the other classes on this stack would feel",
            "firstcome_restore_duration_seconds", "needs a start of the authority with stores to restore",
            "firstcome_sink_divergences", "a divergence stops a partition of the sink for good",
            "firstcome_sink_fenced", "needs a second sink that takes a partition during a write",
            "firstcome_tokens_rejected", "exists only where users send tokens");

    private static final Pattern COUNTER = Pattern.compile("_(total|bucket|count|sum)$");

    private static final Pattern SERIES = Pattern
            .compile("\\b(?:firstcome|http_server|jvm|process|system|hikaricp|kafka|redis|mysql)_[a-z_]+"
                    + "|\\bup\\b|\\bALERTS\\b");
    /** What the exporters of other projects count is not for these tests to raise. */
    private static final Pattern EXPORTED = Pattern.compile("^(redis|mysql)_");
    private static final Pattern TEXTS = Pattern.compile("\"[^\"]*\"");

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    static Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private String url;
    private Exporters exporters;
    private Process prometheus;
    private Map<String, Double> before;

    @BeforeAll
    void scrapeASale(Endpoints endpoints) throws Exception {
        Optional<Path> program = Stream.of(System.getenv("PATH").split(":")).map(it -> Path.of(it, "prometheus"))
                .filter(Files::isExecutable).findFirst();
        assumeTrue(program.isPresent(), "prometheus is not installed");
        exporters = Exporters.start(endpoints, directory);
        url = start(program.get(), endpoints);
        sell("prometheus-1", endpoints);
        trouble("prometheus-1", endpoints);
        awaitStoredAndScraped(1);
        before = values();
        sell("prometheus-2", endpoints);
        trouble("prometheus-2", endpoints);
        awaitStoredAndScraped(before.get("sum(firstcome_sink_revocations_total)") + 1);
    }

    @AfterAll
    void stop() throws InterruptedException {
        client.shutdownNow();
        if (exporters != null) {
            exporters.close();
        }
        if (prometheus != null) {
            prometheus.destroy();
            prometheus.waitFor();
        }
    }

    @Test
    void shouldEvaluateEveryExpressionOfTheDashboards() throws Exception {
        // when
        List<String> expressions = dashboardExpressions().stream()
                .filter(expression -> NOT_HERE.keySet().stream().noneMatch(expression::contains))
                .filter(expression -> exporters.missing().stream().noneMatch(expression::contains)).toList();

        // then
        assertThat(expressions).hasSizeGreaterThan(50);
        assertFound(expressions);
    }

    /** The expression of an alarm finds something only when the alarm is due; so its series are looked for. */
    @Test
    void shouldFindEverySeriesOfDashboardsAndAlarms() throws Exception {
        // when
        Set<String> names = series(usedExpressions());
        names.removeAll(SERIES_NOT_HERE);
        names.removeIf(name -> exporters.missing().stream().anyMatch(name::startsWith));

        // then
        assertThat(names).hasSizeGreaterThan(50);
        assertFound(names.stream().map(name -> "count(" + name + ")").toList());
    }

    /** Each expression finds something, at the same time or another: a late scrape hides the series of its service. */
    private void assertFound(List<String> expressions) {
        List<String> empty = new ArrayList<>(expressions);
        await().atMost(TIMEOUT).untilAsserted(() -> {
            for (String expression : List.copyOf(empty)) {
                if (!query(expression).isEmpty()) {
                    empty.remove(expression);
                }
            }
            assertThat(empty).isEmpty();
        });
    }

    @Test
    void shouldCountTheSale() {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(values())
                .allSatisfy((expression, value) -> assertThat(value).isGreaterThan(before.get(expression))));
    }

    /** A counter that never moves may count nothing. */
    @Test
    void shouldRaiseEveryCounterThatASaleCanRaise() throws Exception {
        // when
        Set<String> still = counters(usedExpressions());
        still.removeAll(counters(MOVING.stream()));

        // then
        assertThat(still).containsExactlyInAnyOrderElementsOf(STILL.keySet());
    }

    private Stream<String> usedExpressions() throws IOException {
        return Stream.concat(dashboardExpressions().stream(), rules().map(rule -> rule.path("query").asText()));
    }

    private static Set<String> series(Stream<String> expressions) {
        Set<String> names = new TreeSet<>();
        expressions.forEach(it -> SERIES.matcher(TEXTS.matcher(it).replaceAll("")).results()
                .forEach(match -> names.add(match.group())));
        return names;
    }

    /** The meters of the series that only grow. */
    private static Set<String> counters(Stream<String> expressions) {
        return series(expressions).stream().filter(COUNTER.asPredicate()).filter(EXPORTED.asPredicate().negate())
                .map(name -> COUNTER.matcher(name).replaceFirst("")).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldMeasureTheWayOfTheClaims() throws Exception {
        // when
        double decided = value("histogram_quantile(0.99, sum by (le) (firstcome_decision_delay_seconds_bucket))");
        double offset = value("abs(firstcome_clock_offset_seconds) - firstcome_clock_offset_error_seconds");

        // then
        assertThat(decided).isPositive();
        assertThat(offset).as("one machine has one clock").isNotPositive();
    }

    @Test
    void shouldLabelTheCouponsOfTheSale() throws Exception {
        // when
        double issued = value("max(firstcome_coupon_issued{coupon=\"prometheus-2\"})");
        double remaining = value("max(firstcome_coupon_remaining{coupon=\"prometheus-2\"})");

        // then
        assertThat(issued).isEqualTo(STOCK);
        assertThat(remaining).isOne();
    }

    /** Ids of coupons are few, those of users and requests are not. */
    @Test
    void shouldLabelNothingWithUsersOrRequests() throws Exception {
        // when
        String series = api("series?match[]=" + URLEncoder.encode("{__name__=~\"(firstcome|http_server)_.+\"}",
                StandardCharsets.UTF_8)).path("data").toString();

        // then
        assertThat(series).contains("prometheus-2").doesNotContain("user-0")
                .doesNotContainPattern("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }

    @Test
    void shouldEvaluateEveryAlarm() throws Exception {
        // when
        await().atMost(TIMEOUT).until(() -> rules().noneMatch(it -> it.path("health").asText().equals("unknown")));

        // then
        assertThat(rules()).isNotEmpty()
                .allSatisfy(rule -> assertThat(rule.path("health").asText()).as("%s", rule).isEqualTo("ok"));
    }

    private String start(Path program, Endpoints endpoints) throws IOException {
        int port = FreePort.pick();
        Path config = directory.resolve("prometheus.yml");
        Files.writeString(config, """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: ["%s"]
                scrape_configs:
                  - {job_name: ingress-api, static_configs: [{targets: ["%s"]}]}
                  - {job_name: streams-processor, static_configs: [{targets: ["%s"]}]}
                  - {job_name: db-sink, static_configs: [{targets: ["%s"]}]}
                %s""".formatted(OPS.resolve("prometheus/alerts.yml"), authority(endpoints.http()),
                authority(endpoints.processor()), authority(endpoints.sink()), exporters.jobs()));
        prometheus = new ProcessBuilder(program.toString(), "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
                .redirectErrorStream(true).redirectOutput(directory.resolve("prometheus.log").toFile()).start();
        return "http://127.0.0.1:" + port;
    }

    private static String authority(String service) {
        return URI.create(service).getAuthority();
    }

    /** As many winners as there is stock, losers after them, and one winner whose coupon is revoked. */
    private void sell(String coupon, Endpoints endpoints) throws Exception {
        Instant opensAt = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        String definition = """
                {"name":"Prometheus","stock":%d,"opensAt":"%s","closesAt":"%s"}""".formatted(STOCK, opensAt,
                opensAt.plusSeconds(3600));
        assertThat(status(admin(endpoints, coupon, "").PUT(BodyPublishers.ofString(definition)).build()))
                .isEqualTo(201);
        await().atMost(TIMEOUT)
                .until(() -> status(HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + coupon))
                        .build()) == 200);
        List<Integer> answers = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            answers.add(claim(endpoints, coupon, "user-" + user));
        }
        assertThat(answers).isEqualTo(List.of(201, 201, 201, 409, 409, 409));
        assertThat(status(admin(endpoints, coupon, "/issues/user-0").DELETE().build())).isEqualTo(200);
    }

    private int claim(Endpoints endpoints, String coupon, String user) {
        return status(HttpRequest.newBuilder(URI.create(endpoints.http() + "/v1/coupons/" + coupon + "/issues"))
                .header("Content-Type", "application/json").header("Prefer", "wait=30")
                .POST(BodyPublishers.ofString("{\"userId\":\"" + user + "\"}")).build());
    }

    /** What the services must count without harm to the other coupons of the stack. */
    private void trouble(String coupon, Endpoints endpoints) throws Exception {
        int claims = 0;
        while (claim(endpoints, coupon, "user-1") != 429) {
            assertThat(++claims).as("claims of one user without a 429").isLessThan(1000);
        }
        try (RawConnection connection = RawConnection.to(endpoints.http())) {
            connection.send("no valid request\r\n\r\n");
            assertThat(connection.receive().status()).isGreaterThanOrEqualTo(400);
        }
        try (var producer = new KafkaProducer<>(Map.of("bootstrap.servers", endpoints.kafka()),
                new ByteArraySerializer(), new ByteArraySerializer())) {
            byte[] garbage = "{".getBytes(StandardCharsets.UTF_8);
            byte[] key = coupon.getBytes(StandardCharsets.UTF_8);
            producer.send(new ProducerRecord<>(Topics.COMMANDS.name(), key, garbage)).get();
            producer.send(new ProducerRecord<>(Topics.OUTCOMES.name(), key, garbage)).get();
            producer.send(RawRecord.read(endpoints.kafka(), Topics.OUTCOMES, it -> it.key().equals(coupon)
                    && it.value().contains("CouponIssued")).getFirst().toProducerRecord(Topics.OUTCOMES)).get();
        }
        try (Jedis redis = new Jedis(URI.create(endpoints.redis()))) {
            redis.flushAll();
        }
        System.gc();
    }

    private static HttpRequest.Builder admin(Endpoints endpoints, String coupon, String path) {
        return HttpRequest.newBuilder(URI.create(endpoints.admin() + "/v1/coupons/" + coupon + path))
                .header("Authorization", "Bearer " + endpoints.adminToken()).header("Content-Type", "application/json");
    }

    private int status(HttpRequest request) {
        return send(request).statusCode();
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(request.toString(), e);
        }
    }

    /** The revocation is the last outcome of a sale. */
    private void awaitStoredAndScraped(double revocations) {
        await().atMost(TIMEOUT).ignoreExceptions()
                .until(() -> value("sum(firstcome_sink_revocations_total)") >= revocations);
        double now = Instant.now().toEpochMilli() / 1000.0;
        await().atMost(TIMEOUT).until(() -> value("min(timestamp(up))") > now);
    }

    private Map<String, Double> values() {
        Map<String, Double> values = new HashMap<>();
        for (String expression : MOVING) {
            values.put(expression, value(expression));
        }
        return values;
    }

    /** The value of an expression with one result, which a late scrape may hide for a moment. */
    private double value(String expression) {
        JsonNode result = await(expression).atMost(TIMEOUT).until(() -> query(expression), it -> it.size() == 1);
        return Double.parseDouble(result.get(0).path("value").get(1).asText());
    }

    private JsonNode query(String expression) throws IOException {
        JsonNode answer = api("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        assertThat(answer.path("status").asText()).as("%s: %s", expression, answer).isEqualTo("success");
        return answer.path("data").path("result");
    }

    private Stream<JsonNode> rules() throws IOException {
        return elements(api("rules").path("data").path("groups")).flatMap(group -> elements(group.path("rules")));
    }

    private JsonNode api(String path) throws IOException {
        return JSON.readTree(send(HttpRequest.newBuilder(URI.create(url + "/api/v1/" + path)).build()).body());
    }

    /** Grafana replaces the interval by a value that suits the width of the panel. */
    private static List<String> dashboardExpressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (Stream<Path> files = Files.list(OPS.resolve("grafana/dashboards"))) {
            for (Path file : files.toList()) {
                elements(JSON.readTree(file.toFile()).path("panels"))
                        .flatMap(panel -> elements(panel.path("targets")))
                        .forEach(target -> expressions.add(target.path("expr").asText().replace("$__rate_interval",
                                "1m")));
            }
        }
        return expressions;
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
