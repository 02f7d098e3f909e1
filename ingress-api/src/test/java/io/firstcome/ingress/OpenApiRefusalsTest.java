package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.ingress.testing.ApiDescription;
import io.firstcome.ingress.testing.ApiDescription.Operation;
import io.firstcome.ingress.testing.ApiJudge;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.testing.Campaign;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;

/** Sends the request for each described refusal to every operation that describes it. */
class OpenApiRefusalsTest {

    private static final TokenIssuer ISSUER = new TokenIssuer();

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension
            .startedBy(() -> TestIngress.withShortReadTimeout(environment()));

    private static final String JSON = "application/json";

    private static final String[] TOKEN = {"Authorization",
        "Bearer " + TokenIssuer.token(ISSUER.publish(TokenIssuer.ecKey("key")), "amy")};

    private final TestIngress ingress = INGRESSES.one();

    @AfterAll
    static void stop() {
        ISSUER.close();
    }

    /** The tests send a wrong admin token to every operation within a minute. */
    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(ISSUER.environment());
        environment.put("FIRSTCOME_ADMIN_FAILURES_PER_MINUTE", "1000");
        return environment;
    }

    static List<Operation> ofUsers() {
        return ApiDescription.operations().stream().filter(it -> it.isSecuredBy("userToken")).toList();
    }

    static List<Operation> ofOperators() {
        return ApiDescription.operations().stream().filter(it -> it.isSecuredBy("operatorToken")).toList();
    }

    static List<Operation> ofOneCoupon() {
        return ofOperators().stream().filter(it -> it.path().startsWith("/v1/coupons/{couponId}")).toList();
    }

    static List<Operation> withABody() {
        return ApiDescription.operations().stream().filter(Operation::hasBody).toList();
    }

    @ParameterizedTest
    @MethodSource("ofUsers")
    void shouldAnswer401WithoutAToken(Operation operation) {
        assertThat(call(ingress, operation, "{}").problem()).isEqualTo("401 unauthenticated");
    }

    @ParameterizedTest
    @MethodSource("ofUsers")
    void shouldRejectRequestsForAnotherUser(Operation operation) {
        // when
        Reply refused = call(ingress, operation, "{\"userId\":\"bob\"}", TOKEN);

        // then
        assertThat(refused.problem()).isIn("403 forbidden", "404 unknown-request");
    }

    @ParameterizedTest
    @MethodSource("ofOperators")
    void shouldAnswer401WithoutTheAdminToken(Operation operation) {
        assertThat(callAsOperator(ingress, operation, "Bearer wrong").problem()).isEqualTo("401 unauthorized");
    }

    @Test
    void shouldAnswer429AfterTooManyWrongTokens() {
        // given
        String[] wrong = {"Authorization", "Bearer wrong"};
        Map<String, String> environment = new HashMap<>(ISSUER.environment());
        environment.put("FIRSTCOME_ADMIN_FAILURES_PER_MINUTE", "1");
        environment.put("FIRSTCOME_TOKEN_FAILURES_PER_MINUTE", "1");
        TestIngress strict = TestIngress.with(environment);

        try (strict) {
            // when
            call(strict, ofUsers().getFirst(), "{}", wrong);
            callAsOperator(strict, ofOperators().getFirst(), wrong[1]);

            // then
            assertThat(ofUsers()).allSatisfy(
                    it -> assertThat(call(strict, it, "{}", wrong).problem()).isEqualTo("429 rate-limited"));
            assertThat(ofOperators()).allSatisfy(
                    it -> assertThat(callAsOperator(strict, it, wrong[1]).problem()).isEqualTo("429 rate-limited"));
        }
    }

    @Test
    void shouldNotRushWhereCallersAreUsers() {
        // when
        Reply refused = ingress.admin("POST", "/v1/console/rush", "{\"couponId\":\"x\",\"users\":1}");

        // then
        assertThat(refused.problem()).isEqualTo("403 forbidden");
        assertThat(refused.get("detail")).contains("FIRSTCOME_AUTH=JWT");
    }

    @ParameterizedTest
    @MethodSource("withABody")
    void shouldRefuseLargeBodiesAndOtherMediaTypes(Operation operation) {
        assertThat(call(ingress, operation, " ".repeat(5000), with("Content-Type", JSON, operation)).problem())
                .isEqualTo("413 too-large");
        assertThat(call(ingress, operation, "{}", with("Content-Type", "text/plain", operation)).problem())
                .isEqualTo("415 unsupported-media-type");
    }

    @Test
    void shouldAnswer408WhenTheBodyIsTooSlow() throws IOException {
        // given
        List<Operation> operations = withABody();
        List<RawConnection> senders = new ArrayList<>();

        // when: all connections wait at the same time
        for (Operation operation : operations) {
            senders.add(sendPartOfABody(operation));
        }

        // then
        for (int i = 0; i < senders.size(); i++) {
            try (RawConnection sender = senders.get(i)) {
                RawAnswer answer = sender.receive();
                ApiJudge.judge(operations.get(i).method(), operations.get(i).path(), answer);
                assertThat(answer.json().path("type").asText()).endsWith(":too-slow");
            }
        }
    }

    private RawConnection sendPartOfABody(Operation operation) throws IOException {
        boolean operators = operation.isSecuredBy("operatorToken");
        RawConnection sender = RawConnection.to(operators ? ingress.service().adminUrl() : ingress.service().url());
        sender.send("%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Length: 9\r\n\r\n{".formatted(
                operation.method(), operation.path().replace("{couponId}", "x"),
                operators ? "Bearer " + TestIngress.TOKEN : TOKEN[1]));
        return sender;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "malformed-request|GET /v1//coupons HTTP/1.1",
        "not-found|GET /v2 HTTP/1.1",
        "method-not-allowed|PUT /livez HTTP/1.1",
        "method-not-allowed|BREW /livez HTTP/1.1",
        "version-not-supported|GET /livez HTTP/3.7",
        "uri-too-long|GET /%s HTTP/1.1",
        "headers-too-large|GET /livez HTTP/1.1\\r\\nX: %s",
        "refused|GET /livez HTTP/1.1\\r\\nExpect: miracles"})
    void shouldRefuseRequestsOutsideTheOperations(String problem, String head) throws IOException {
        try (RawConnection client = RawConnection.to(ingress.service().url())) {
            // when
            client.send(head.formatted("x".repeat(9000)).replace("\\r\\n", "\r\n") + "\r\nHost: x\r\n\r\n");
            RawAnswer answer = client.receive();

            // then
            ApiJudge.judge("ANY", "/", answer);
            assertThat(answer.json().path("type").asText()).endsWith(":" + problem);
        }
    }

    @ParameterizedTest
    @MethodSource("ofOneCoupon")
    void shouldNotReopenAClosedCoupon(Operation operation) {
        // given
        String coupon = Campaign.openForLong().id();
        ingress.define(coupon, 1);
        ingress.admin("POST", coupon + "/close", "");

        // when
        String path = operation.path().replaceAll(".*\\{couponId}", coupon).replace("{userId}", "bob");
        Reply refused = ingress.admin(operation.method(), path, """
                {"name":"Tea","stock":1,"opensAt":"2026-01-01T00:00:00Z","closesAt":"2096-01-01T00:00:00Z"}""");

        // then
        assertThat(refused.status() == 200 ? refused.get("status") : refused.problem())
                .isIn("409 coupon-closed", "CLOSED", "409 not-ended", "404 no-such-issue");
    }

    private static String[] with(String header, String value, Operation operation) {
        return operation.isSecuredBy("operatorToken")
                ? new String[]{header, value, "Authorization", "Bearer " + TestIngress.TOKEN}
                : new String[]{header, value, TOKEN[0], TOKEN[1]};
    }

    /** Sends a request to the callers' port where it has the operation. */
    private static Reply call(TestIngress ingress, Operation operation, String body, String... headers) {
        return operation.isOfCallers()
                ? ingress.call(operation.method(), path(operation), body, headers)
                : ingress.admin(operation.method(), path(operation).replace("/v1/coupons/", ""), body, headers);
    }

    private static Reply callAsOperator(TestIngress ingress, Operation operation, String authorization) {
        return ingress.admin(operation.method(), path(operation).replace("/v1/coupons/", ""), "{}", "Authorization",
                authorization);
    }

    private static String path(Operation operation) {
        String query = operation.hasParameter("userId") ? "?userId=bob" : "";
        return operation.path().replace("{userId}", "bob").replaceAll("\\{\\w+}", "nothing") + query;
    }
}
