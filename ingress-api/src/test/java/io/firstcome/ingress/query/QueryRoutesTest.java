package io.firstcome.ingress.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.LogWriter;
import io.javalin.http.Context;

class QueryRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.startedBy(QueryRoutesTest::startIngress);

    private static final Metrics METERS = new Metrics("processor");

    private static final List<String> SINK_REQUESTS = new CopyOnWriteArrayList<>();

    private static final CountDownLatch END = new CountDownLatch(1);

    private static HttpServer processor;
    private static HttpServer sink;
    private static LogWriter log;

    private final TestIngress ingress = INGRESSES.one();
    private final Campaign campaign = Campaign.openForLong();
    private final String path = "/v1/coupons/" + campaign.id();

    @BeforeAll
    static void start() {
        processor = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), METERS,
                routes -> {
                    routes.get("/v1/coupons/{couponId}/stock", QueryRoutesTest::stock);
                    routes.get("/v1/coupons/{couponId}/issues/{userId}", QueryRoutesTest::issue);
                });
        sink = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), METERS,
                routes -> routes.get("/v1/users/{userId}/coupons", context -> {
                    SINK_REQUESTS.add(context.path() + "?" + context.queryString());
                    context.header("Link", "</v1/next>; rel=\"next\"");
                    Requests.answer(context, 200, Map.of("coupons", List.of(), "nextCursor", "abc"));
                }));
        log = new LogWriter();
    }

    private static TestIngress startIngress() {
        return TestIngress.with(Map.of("FIRSTCOME_PROCESSOR_URL", processor.url(), "FIRSTCOME_SINK_URL", sink.url()));
    }

    private static void stock(Context context) {
        CouponId couponId = Requests.couponId(context);
        if (couponId.value().equals("unknown")) {
            throw new ProblemException(Problem.of(ProblemType.UNKNOWN_COUPON));
        }
        Requests.answer(context, 200, Map.of("couponId", couponId, "stock", 8, "issued", 1, "remaining", 7, "status",
                "ACTIVE", "version", 1, "host", "here:1"));
    }

    private static void issue(Context context) throws IOException, InterruptedException {
        switch (context.pathParam("userId")) {
            case "holder" -> Requests.answer(context, 200, Map.of("couponId", Requests.couponId(context), "userId",
                    "holder", "sequence", 1, "requestId", "r1", "issuedAt", "2026-01-01T00:00:00Z"));
            case "unknown" -> throw new ProblemException(Problem.of(ProblemType.NO_SUCH_ISSUE));
            case "stranger" -> throw new ProblemException(Problem.of(ProblemType.UNKNOWN_COUPON));
            case "slow" -> beginAndNeverEnd(context);
            case "html" -> context.status(502).html("<h1>Bad gateway</h1>");
            case "foreign" -> context.status(404).result("Not Found");
            case "page" -> context.html("<h1>Please log in</h1>");
            default -> {
                context.header("Retry-After", "9");
                throw new ProblemException(Problem.unavailable("Rebalancing."));
            }
        }
    }

    private static void beginAndNeverEnd(Context context) throws IOException, InterruptedException {
        context.res().setContentType("application/json");
        context.res().flushBuffer();
        END.await();
    }

    @AfterAll
    static void stop() {
        END.countDown();
        log.close();
        processor.close();
        sink.close();
        METERS.close();
    }

    @Test
    void shouldShowACouponWithItsCounts() {
        // given
        log.write(campaign.state(1, 3, 0));
        // The ingress ignores an issue of a coupon that it does not know yet; states and outcomes are in different
        // topics.
        await().until(() -> ingress.get(path).status() == 200);

        // when
        log.write(campaign.issued("r1", "u1", 1));

        // then
        await().untilAsserted(() -> assertThat(ingress.get(path).get("remaining")).isEqualTo("2"));
        assertThat(ingress.get(path).get("status")).isEqualTo("ACTIVE");
    }

    @Test
    void shouldAnswer404ForAnUndefinedCoupon() {
        assertThat(ingress.get(path).problem()).isEqualTo("404 unknown-coupon");
    }

    @Test
    void shouldShowTheOutcomeOfARequest() {
        // when
        log.write(campaign.issued(campaign.id() + "-r1", "u1", 4)).write(
                campaign.rejected(campaign.id() + "-r2", "u2", RejectionReason.SOLD_OUT));

        // then
        await().untilAsserted(() -> assertThat(ingress.get(path + "/requests/" + campaign.id() + "-r2").text())
                .isEqualTo(
                        """
                                {"requestId":"%1$s-r2","couponId":"%1$s","userId":"u2","status":"REJECTED",\
                                "reason":"SOLD_OUT"}"""
                                .formatted(campaign.id())));
        assertThat(ingress.get(path + "/requests/" + campaign.id() + "-r1").get("sequence")).isEqualTo("4");
    }

    @Test
    void shouldAnswer404ForAnUnknownRequest() {
        assertThat(ingress.get(path + "/requests/never-sent").problem()).isEqualTo("404 unknown-request");
        assertThat(ingress.get(path + "/requests/a.b").get("field")).isEqualTo("requestId");
    }

    @Test
    void shouldShowTheRequestOfTheNamedUser() {
        // given
        String request = path + "/requests/" + campaign.id() + "-r1";
        log.write(campaign.issued(campaign.id() + "-r1", "u1", 4));
        await().until(() -> ingress.get(request).status() == 200);
        log.write(campaign.rejected(campaign.id() + "-r1", "auth0|u2", RejectionReason.SOLD_OUT));
        await().until(() -> ingress.get(request).status() == 400);

        // when
        Reply unnamed = ingress.get(request);

        // then
        assertThat(unnamed.get("field")).isEqualTo("userId");
        assertThat(ingress.get(request + "?userId=u1").get("sequence")).isEqualTo("4");
        assertThat(ingress.get(request + "?userId=auth0%7Cu2").get("reason")).isEqualTo("SOLD_OUT");
        assertThat(ingress.get(request + "?userId=u3").problem()).isEqualTo("404 unknown-request");
        assertThat(ingress.get(request + "?userId=a%20b").get("field")).isEqualTo("userId");
    }

    @Test
    void shouldNotShowAnOperatorsCommandAsARequest() {
        // when
        Reply defined = ingress.define(campaign.id(), 1);

        // then
        assertThat(ingress.get(path + "/requests/" + defined.header("Request-Id")).problem())
                .isEqualTo("404 unknown-request");
    }

    @Test
    void shouldForwardQueriesToTheAuthority() {
        // when
        Reply stock = ingress.get(path + "/stock");
        Reply issue = ingress.get(path + "/issues/u1");

        // then
        assertThat(stock.status()).isEqualTo(200);
        assertThat(stock.get("remaining")).isEqualTo("7");
        assertThat(stock.header("Content-Type")).isEqualTo("application/json");
        assertThat(issue.status()).isEqualTo(503);
        assertThat(issue.header("Retry-After")).isEqualTo("9");
        assertThat(issue.get("detail")).isEqualTo("Rebalancing.");
    }

    @Test
    void shouldForwardTheAnswersOfTheAuthority() {
        assertThat(ingress.get(path + "/issues/holder").get("sequence")).isEqualTo("1");
        assertThat(ingress.get(path + "/issues/unknown").problem()).isEqualTo("404 no-such-issue");
        assertThat(ingress.get(path + "/issues/stranger").problem()).isEqualTo("404 unknown-coupon");
        assertThat(ingress.get("/v1/coupons/unknown/stock").problem()).isEqualTo("404 unknown-coupon");
        assertThat(ingress.get(path + "/stock").get("remaining")).isEqualTo("7");
    }

    @ParameterizedTest
    @ValueSource(strings = {"html", "foreign", "page", "slow"})
    void shouldAnswer503ForAForeignAnswer(String user) {
        // when
        CompletableFuture<Reply> reply = ingress.getAsync(path + "/issues/" + user);

        // then
        await().until(reply::isDone);
        assertThat(reply.join().problem()).isEqualTo("503 unavailable");
        assertThat(reply.join().header("Retry-After")).isEqualTo("1");
    }

    @Test
    void shouldReturnTheRequestIdOfTheQuery() {
        // when
        Reply unknown = ingress.get("/v1/coupons/unknown/stock", "Idempotency-Key", "my-query");

        // then
        assertThat(unknown.problem()).isEqualTo("404 unknown-coupon");
        assertThat(unknown.get("requestId")).as("the id in the authority's problem").isEqualTo("my-query");
        assertThat(unknown.header("Request-Id")).isEqualTo("my-query");
    }

    @Test
    void shouldForwardQueriesToTheSink() {
        // when
        Reply coupons = ingress.get("/v1/users/u1/coupons?limit=3&cursor=abc_-1");

        // then
        ingress.get("/v1/users/auth0%7Cu+2/coupons");
        assertThat(SINK_REQUESTS).containsExactly("/v1/users/u1/coupons?cursor=abc_-1&limit=3",
                "/v1/users/auth0%7Cu%2B2/coupons?null");
        assertThat(coupons.get("nextCursor")).isEqualTo("abc");
        assertThat(coupons.header("Link")).isEqualTo("</v1/next>; rel=\"next\"");
    }

    @ParameterizedTest
    @CsvSource({"u1/coupons?limit=101,limit", "u1/coupons?cursor=a%26b,cursor", "u1/coupons?cursor=a&evil=%0d%0a,evil",
        "a%20b/coupons,userId"})
    void shouldNotForwardAnInvalidQuery(String query, String field) {
        // when
        Reply refused = ingress.get("/v1/users/" + query);

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isEqualTo(field);
    }

    @Test
    void shouldAnswer503WithoutTheSink() {
        // given
        TestIngress withoutUpstream = TestIngress.with(Map.of("FIRSTCOME_SINK_URL", "http://127.0.0.1:1"));

        try (withoutUpstream) {
            // when
            Reply away = withoutUpstream.get("/v1/users/u1/coupons");

            // then
            assertThat(away.problem()).isEqualTo("503 unavailable");
            assertThat(away.header("Retry-After")).isEqualTo("1");
        }
    }

    @Test
    void shouldAnswer503WithoutTheAuthority() {
        // given
        TestIngress withoutUpstream = TestIngress.with(Map.of("FIRSTCOME_PROCESSOR_URL", "http://127.0.0.1:1"));

        try (withoutUpstream) {
            // when
            Reply away = withoutUpstream.get(path + "/stock");

            // then
            assertThat(away.problem()).isEqualTo("503 unavailable");
            assertThat(away.header("Retry-After")).isEqualTo("1");
        }
    }
}
