package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Json;
import io.firstcome.standalone.evidence.StackEvidence;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.fixture.UserIds;
import io.firstcome.testkit.guarantee.Guarantees;

/** Every id of an identity provider comes back unchanged from every route, topic, key and table that carries it. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class UserIdTest {

    static final List<String> EXAMPLES = UserIds.EXAMPLES;
    static final List<String> INVALID = UserIds.INVALID;

    private static final String COUPON = "ids-of-the-real-world";
    private static final String REVOKED = "ids-that-are-revoked";
    private static final String HOLDERS = "/v1/coupons/" + COUPON + "/holders?limit=1";

    private final HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofMinutes(1)).build();

    @BeforeAll
    static void defineCoupon(Endpoints endpoints) throws Exception {
        try (var operator = HttpClient.newHttpClient()) {
            for (String coupon : List.of(COUPON, REVOKED)) {
                operator.send(operatorsRequest(endpoints, "/v1/coupons/" + coupon).PUT(BodyPublishers.ofString("""
                        {"name":"Tea","stock":100,"opensAt":"2026-01-01T00:00:00Z",\
                        "closesAt":"2096-01-01T00:00:00Z"}""")).build(), BodyHandlers.discarding());
            }
        }
    }

    @AfterEach
    void closeClient() {
        client.shutdownNow();
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void shouldCarryTheIdOnEveryRoute(String user, Endpoints endpoints) throws Exception {
        // when
        HttpResponse<String> claimed = claim(endpoints, user);

        // then
        String requestId = requestId(user);
        String location = claimed.headers().firstValue("Location").orElseThrow();
        assertThat(claimed.statusCode()).isEqualTo(201);
        assertThat(json(claimed).path("userId").asText()).isEqualTo(user);
        assertThat(URI.create(location).getPath()).isEqualTo("/v1/coupons/" + COUPON + "/issues/" + user);
        Stream.of(endpoints.http() + location, endpoints.http() + issue(encoded(user)),
                endpoints.http() + issue(user.replace("|", "%7C")), endpoints.processor() + issue(encoded(user)),
                endpoints.http() + "/v1/coupons/" + COUPON + "/requests/" + requestId)
                .forEach(url -> {
                    JsonNode answer = get(url);
                    assertThat(answer.path("userId").asText()).as("%s %s", url, answer).isEqualTo(user);
                    assertThat(answer.path("requestId").asText()).as("%s %s", url, answer).isEqualTo(requestId);
                });
        for (String service : List.of(endpoints.http(), endpoints.sink())) {
            String url = service + "/v1/users/" + encoded(user) + "/coupons";
            await().untilAsserted(() -> assertThat(get(url).path("coupons").valueStream()
                    .filter(coupon -> coupon.path("couponId").asText().equals(COUPON))
                    .map(coupon -> coupon.path("requestId").asText())).containsExactly(requestId));
        }
        assertThat(firstIssue(endpoints, user)).isEqualTo(user);
    }

    @Test
    void shouldKeepEveryIdInLogGateAndTables(Endpoints endpoints) throws Exception {
        // given
        for (String user : UserIds.EXAMPLES) {
            assertThat(claim(endpoints, user).statusCode()).as(user).isEqualTo(201);
        }

        // when
        List<String> listed = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = get(endpoints.processor() + HOLDERS + next);
            page.path("holders").forEach(holder -> listed.add(holder.path("userId").asText()));
            next = page.has("next") ? "&after=" + encoded(page.path("next").asText()) : null;
        } while (next != null);

        // then
        assertThat(listed).isEqualTo(UserIds.EXAMPLES.stream().sorted().toList());
        Evidence evidence = new StackEvidence(endpoints).of(new CouponId(COUPON), List.of());
        assertThat(Guarantees.check(evidence).holds()).isTrue();
        assertThat(evidence.stored().orElseThrow().issues()).extracting(row -> row.userId().value())
                .containsExactlyInAnyOrderElementsOf(UserIds.EXAMPLES);
        assertThat(evidence.gate().orElseThrow().get(new CouponId(COUPON)).held().keySet())
                .extracting(Object::toString).containsExactlyInAnyOrderElementsOf(UserIds.EXAMPLES);
    }

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void shouldRevokeFromTheId(String user, Endpoints endpoints) throws Exception {
        // given
        String issue = "/v1/coupons/" + REVOKED + "/issues/" + encoded(user);
        JsonNode claimed = json(claim(endpoints, REVOKED, "revoked-" + UserIds.EXAMPLES.indexOf(user), user));

        // when
        HttpResponse<String> revoked = client.send(operatorsRequest(endpoints, issue).DELETE().build(),
                BodyHandlers.ofString());

        // then
        assertThat(revoked.statusCode()).as(revoked.body()).isEqualTo(200);
        assertThat(json(revoked).path("userId").asText()).isEqualTo(user);
        assertThat(json(revoked).path("sequence")).isEqualTo(claimed.path("sequence"));
        assertThat(status(endpoints.processor() + issue)).isEqualTo(404);
        String coupons = endpoints.sink() + "/v1/users/" + encoded(user) + "/coupons";
        await().until(() -> get(coupons).path("coupons").valueStream()
                .anyMatch(row -> row.path("couponId").asText().equals(REVOKED) && row.has("revokedAt")));
    }

    @ParameterizedTest
    @FieldSource("INVALID")
    void shouldNotRevokeFromAnInvalidId(String user, Endpoints endpoints) throws Exception {
        // when
        int status = client.send(operatorsRequest(endpoints, issue(encoded(user))).DELETE().build(),
                BodyHandlers.ofString()).statusCode();

        // then
        assertThat(status).isIn(user.isEmpty() ? List.of(400, 404, 405) : List.of(400));
    }

    @ParameterizedTest
    @FieldSource("INVALID")
    void shouldRejectTheIdOnEveryRoute(String user, Endpoints endpoints) throws Exception {
        // when
        HttpResponse<String> claimed = claim(endpoints, user);

        // then
        assertThat(claimed.statusCode()).as(claimed.body()).isEqualTo(400);
        assertThat(json(claimed).path("field").asText()).isEqualTo("userId");
        Stream<String> targets = Stream.of(endpoints.http() + issue(encoded(user)),
                endpoints.http() + "/v1/users/" + encoded(user) + "/coupons",
                endpoints.http() + "/v1/coupons/" + COUPON + "/events?userId=" + encoded(user),
                endpoints.processor() + issue(encoded(user)),
                endpoints.processor() + HOLDERS + "&after=" + encoded(user),
                endpoints.sink() + "/v1/users/" + encoded(user) + "/coupons");
        // With an empty id the path is another one: the list of issues does not exist, or only for POST.
        Set<Integer> refused = user.isEmpty() ? Set.of(400, 404, 405) : Set.of(400);
        assertThat(targets.map(this::status)).isSubsetOf(refused);
    }

    /** The user of the first outcome in the stream of the user's events. */
    private String firstIssue(Endpoints endpoints, String user) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> events = client.send(
                request(endpoints.http() + "/v1/coupons/" + COUPON + "/events?userId=" + encoded(user))
                        .header("Last-Event-ID", "-1").timeout(Duration.ofMinutes(1)).build(),
                BodyHandlers.ofLines());
        try (Stream<String> lines = events.body()) {
            return lines.filter(line -> line.startsWith("data: ") && line.contains("\"sequence\"")).findFirst()
                    .map(line -> Json.read(line.substring(6).getBytes(UTF_8), JsonNode.class).path("userId").asText())
                    .orElseThrow();
        }
    }

    private HttpResponse<String> claim(Endpoints endpoints, String user) throws IOException, InterruptedException {
        return claim(endpoints, COUPON, requestId(user), user);
    }

    private HttpResponse<String> claim(Endpoints endpoints, String coupon, String key, String user)
            throws IOException, InterruptedException {
        return client.send(request(endpoints.http() + "/v1/coupons/" + coupon + "/issues")
                .header("Prefer", "wait=30").header("Idempotency-Key", key)
                .POST(BodyPublishers.ofByteArray(Json.write(new Claim(user)))).build(), BodyHandlers.ofString());
    }

    private record Claim(String userId) {}

    private static String requestId(String user) {
        return "real-" + UserIds.EXAMPLES.indexOf(user);
    }

    private static String issue(String user) {
        return "/v1/coupons/" + COUPON + "/issues/" + user;
    }

    private JsonNode get(String url) {
        return json(send(url));
    }

    private int status(String url) {
        return send(url).statusCode();
    }

    private HttpResponse<String> send(String url) {
        try {
            return client.send(request(url).build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(url, e);
        }
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return Json.read(answer.body().getBytes(UTF_8), JsonNode.class);
    }

    private static HttpRequest.Builder operatorsRequest(Endpoints endpoints, String path) {
        return request(endpoints.admin() + path).header("Authorization", "Bearer " + endpoints.adminToken());
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json");
    }

    /** Encodes every byte, also those that need no encoding. */
    private static String encoded(String text) {
        return HexFormat.of().withUpperCase().withPrefix("%").formatHex(text.getBytes(UTF_8));
    }
}
