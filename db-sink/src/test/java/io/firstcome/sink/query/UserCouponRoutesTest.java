package io.firstcome.sink.query;

import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.sink.fixture.DatabaseTest;

class UserCouponRoutesTest extends DatabaseTest {

    private static final String INSERT = """
            INSERT INTO issued_coupons (coupon_id, user_id, sequence, nth, request_id, issued_at)
            VALUES (?, ?, ?, ?, ?, ?)""";

    private final Metrics metrics = new Metrics("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private HttpServer http;
    private long sequence;

    @BeforeEach
    void serve() {
        http = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), metrics,
                new UserCouponRoutes(database.readers())::addTo);
    }

    @AfterEach
    void stop() {
        // First the client: otherwise the server waits for the client's idle connection.
        client.shutdownNow();
        http.close();
        metrics.close();
    }

    @Test
    void shouldListTheNewestFirstAndOneInstantByCoupon() throws Exception {
        // given
        store("tea", "amy", at(1));
        store("cake", "amy", at(2));
        store("milk", "amy", at(2));
        store("milk", "bob", at(3));
        test.execute("""
                INSERT INTO coupons (coupon_id, name, stock, issued_quantity, status, opens_at, closes_at, version)
                VALUES ('milk', '우유', 5, 1, 'ACTIVE', '2026-01-01', '2026-01-02', 1)""");

        // when
        HttpResponse<String> answer = get("/v1/users/amy/coupons");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(
                """
                        {"coupons":[\
                        {"couponId":"milk","name":"우유","sequence":3,"nth":1,"issuedAt":"2026-01-01T09:00:02Z",\
                        "requestId":"r3"},\
                        {"couponId":"cake","sequence":2,"nth":1,"issuedAt":"2026-01-01T09:00:02Z","requestId":"r2"},\
                        {"couponId":"tea","sequence":1,"nth":1,"issuedAt":"2026-01-01T09:00:01Z",\
                        "requestId":"r1"}]}""");
        assertThat(answer.headers().firstValue("Link")).isEmpty();
    }

    @Test
    void shouldListRevokedCouponsWithTheTime() throws Exception {
        // given
        store("tea", "amy", at(1), 1);
        store("tea", "amy", at(2), 2);
        test.execute("UPDATE issued_coupons SET revoked_at = '2026-01-01 09:00:01.500' WHERE sequence = 1");

        // when
        HttpResponse<String> answer = get("/v1/users/amy/coupons");

        // then
        assertThat(answer.body()).isEqualTo("""
                {"coupons":[\
                {"couponId":"tea","sequence":2,"nth":2,"issuedAt":"2026-01-01T09:00:02Z","requestId":"r2"},\
                {"couponId":"tea","sequence":1,"nth":1,"issuedAt":"2026-01-01T09:00:01Z","requestId":"r1",\
                "revokedAt":"2026-01-01T09:00:01.500Z"}]}""");
    }

    @Test
    void shouldPageThroughIssuesOfOneInstant() throws Exception {
        // given
        for (int nth = 1; nth <= 5; nth++) {
            store("tea", "amy", at(1), nth);
        }
        List<Long> seen = new ArrayList<>();

        // when: issues are revoked meanwhile
        String target = "/v1/users/amy/coupons?limit=2";
        while (!target.isEmpty()) {
            HttpResponse<String> page = get(target);
            json(page).path("coupons").forEach(coupon -> seen.add(coupon.path("sequence").asLong()));
            test.execute("UPDATE issued_coupons SET revoked_at = issued_at WHERE sequence = " + seen.getLast());
            target = page.headers().firstValue("Link").map(it -> it.substring(1, it.indexOf('>'))).orElse("");
        }

        // then
        assertThat(seen).containsExactly(5L, 4L, 3L, 2L, 1L);
    }

    @Test
    void shouldAnswerAnEmptyListForAnUnknownUser() throws Exception {
        // given
        store("tea", "Amy", at(1));

        // when
        HttpResponse<String> answer = get("/v1/users/amy/coupons");

        // then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"coupons\":[]}");
    }

    @Test
    void shouldPageWithoutLossOrRepetitionWhileRowsComeIn() throws Exception {
        // given
        long seed = Long.getLong("firstcome.seed", System.nanoTime());
        var random = new Random(seed);
        List<String> before = IntStream.range(0, 60).mapToObj(i -> "before-" + i).toList();
        for (String coupon : before) {
            store(coupon, "amy", at(random.nextInt(12)));
        }

        // when
        List<String> seen = new ArrayList<>();
        String target = "/v1/users/amy/coupons?limit=" + (1 + random.nextInt(9));
        while (!target.isEmpty()) {
            HttpResponse<String> page = get(target);
            json(page).path("coupons").forEach(coupon -> seen.add(sortKey(coupon)));
            target = page.headers().firstValue("Link").map(it -> it.substring(1, it.indexOf('>'))).orElse("");
            store("meanwhile-" + sequence, "amy", at(random.nextInt(12)));
        }

        // then
        assertThat(seen).as("seed %d", seed).isSortedAccordingTo(Comparator.reverseOrder())
                .doesNotHaveDuplicates();
        assertThat(new HashSet<>(seen.stream().map(it -> it.split(" ")[1]).toList())).as("seed %d", seed)
                .containsAll(before);
    }

    private static String sortKey(JsonNode coupon) {
        return coupon.path("issuedAt").asText() + " " + coupon.path("couponId").asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 ", " tea", "1 tea", "1 tea x", "1 a.b 1", "-1 tea 1", "1 tea -1",
        "1234567890123456 tea 1", "999999999999999 c 1", "1 tea 12345678901234567", "1 tea 1\n"})
    void shouldRejectAnInvalidCursor(String cursor) throws Exception {
        // when
        HttpResponse<String> answer = get("/v1/users/amy/coupons?cursor=" + Base64.getUrlEncoder().withoutPadding()
                .encodeToString(cursor.getBytes(UTF_8)));

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("field").asText()).isEqualTo("cursor");
    }

    @Test
    void shouldAnswerInternalErrorForAnInvalidRow() throws Exception {
        // given
        store("no coupon's name", "amy", at(1));

        // when
        HttpResponse<String> answer = get("/v1/users/amy/coupons");

        // then
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(json(answer).path("type").asText()).isEqualTo("urn:firstcome:problem:internal");
        assertThat(answer.body()).doesNotContain("couponId");
    }

    @Test
    void shouldReadAlongTheKeyWithoutSorting() throws Exception {
        // given
        test.execute(IntStream.range(0, 600).mapToObj(i -> "('c%d', '%s', %d, 'r', '2026-01-01 09:%02d:%02d')"
                .formatted(i, i % 2 == 0 ? "collector" : "user-" + i, i, i / 60, i % 60))
                .collect(Collectors.joining(", ", "INSERT INTO issued_coupons"
                        + " (coupon_id, user_id, sequence, request_id, issued_at) VALUES ", "")));
        test.execute("ANALYZE TABLE issued_coupons");
        test.execute("ANALYZE TABLE coupons");

        // then
        for (String user : List.of("collector", "user-7", "unknown")) {
            assertReadsAlongTheKey(user, Optional.empty());
            assertReadsAlongTheKey(user, Optional.of(new PageCursor(at(150), couponId("c150"), 150)));
        }
    }

    private void assertReadsAlongTheKey(String user, Optional<PageCursor> after) throws Exception {
        String query = "EXPLAIN FORMAT = TRADITIONAL " + (after.isPresent() ? UserCoupons.OLDER : UserCoupons.NEWEST);
        try (Connection connection = test.connect(); PreparedStatement explain = connection.prepareStatement(query)) {
            UserCoupons.bind(explain, userId(user), after, 21);
            try (ResultSet plan = explain.executeQuery()) {
                plan.next();
                assertThat(plan.getString("table")).isEqualTo("issued_coupons");
                assertThat(plan.getString("key")).as("%s after %s", user, after).isEqualTo("issued_to_user");
                assertThat(plan.getString("Extra")).as("%s after %s", user, after).doesNotContain("filesort")
                        .doesNotContain("temporary");
            }
        }
    }

    @Test
    void shouldTimeOutALongQueryWithoutDelayingTheWriter() throws Exception {
        // given
        List<CompletableFuture<HttpResponse<String>>> requests = new ArrayList<>();
        try (Connection operator = test.connect(); Statement statement = operator.createStatement()) {
            statement.execute("LOCK TABLES issued_coupons WRITE");

            // when
            Stream.generate(this::send).limit(10).forEach(requests::add);

            // then
            await().until(() -> isWriterServedWhileAllReadersWait(requests));
            for (CompletableFuture<HttpResponse<String>> answer : requests) {
                assertThat(answer.get().statusCode()).isEqualTo(503);
                assertThat(answer.get().headers().firstValue("Retry-After")).contains("1");
                assertThat(answer.get().body()).contains("urn:firstcome:problem:unavailable");
            }
        }
        await().until(() -> get("/v1/users/amy/coupons").statusCode() == 200);
    }

    private CompletableFuture<HttpResponse<String>> send() {
        return client.sendAsync(request("/v1/users/amy/coupons"), BodyHandlers.ofString());
    }

    /** Queries time out after two seconds. More of them are sent until this check sees all connections in use. */
    private boolean isWriterServedWhileAllReadersWait(List<CompletableFuture<HttpResponse<String>>> requests)
            throws Exception {
        if (allReadersWait()) {
            database.ping();
            return allReadersWait();
        }
        requests.add(send());
        return false;
    }

    private static boolean allReadersWait() throws Exception {
        String waiting = test.query("""
                SELECT COUNT(*) FROM information_schema.processlist
                WHERE db = DATABASE() AND state = 'Waiting for table metadata lock'""");
        return Integer.parseInt(waiting) == test.settings().readers();
    }

    private void store(String coupon, String user, Instant issuedAt) throws Exception {
        store(coupon, user, issuedAt, 1);
    }

    private void store(String coupon, String user, Instant issuedAt, int nth) throws Exception {
        sequence++;
        try (Connection connection = test.connect(); PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, coupon);
            insert.setString(2, user);
            insert.setLong(3, sequence);
            insert.setInt(4, nth);
            insert.setString(5, "r" + sequence);
            insert.setObject(6, LocalDateTime.ofInstant(issuedAt, ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    private HttpResponse<String> get(String target) throws Exception {
        return client.send(request(target), BodyHandlers.ofString());
    }

    private HttpRequest request(String target) {
        return HttpRequest.newBuilder(URI.create(http.url() + target)).build();
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return Json.mapper().readTree(answer.body());
    }
}
