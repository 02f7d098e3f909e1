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
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.ingress.IngressMain;
import io.firstcome.standalone.stack.Endpoints;
import io.firstcome.testkit.description.Schemas;

/** The answers of the authority and the sink through the ingress match {@code openapi.yaml}. */
@ExtendWith(SharedStack.class)
@ResourceLock(value = SharedStack.LOCK, mode = ResourceAccessMode.READ)
class SystemAnswersTest {

    private static final String COUPON = "described";
    private static final Schemas SCHEMAS = Schemas
            .ofOpenApi(Schemas.yaml(IngressMain.class.getResourceAsStream("documents/openapi.yaml")));

    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void closeClient() {
        client.close();
    }

    @Test
    void shouldAnswerAsDescribedInOpenApi(Endpoints endpoints) throws Exception {
        // given
        JsonNode defined = send(request(endpoints.admin() + "/v1/coupons/" + COUPON)
                .header("Authorization", "Bearer " + endpoints.adminToken()).PUT(BodyPublishers.ofString(
                        """
                                {"name":"Tea","stock":2,"opensAt":"2026-01-01T00:00:00Z",\
                                "closesAt":"2096-01-01T00:00:00Z"}""")));
        JsonNode claimed = send(request(endpoints.http() + "/v1/coupons/" + COUPON + "/issues")
                .header("Prefer", "wait=30").POST(BodyPublishers.ofString("{\"userId\":\"amy-described\"}")));
        String held = "/v1/users/amy-described/coupons";
        await().until(() -> !get(endpoints, held).path("coupons").isEmpty());

        // then
        assertDescribed("Coupon", defined);
        assertDescribed("IssuedClaim", claimed);
        Map.of("Coupon", "/v1/coupons/described", "CouponList", "/v1/coupons", "Stock", "/v1/coupons/described/stock",
                "Issue", "/v1/coupons/described/issues/amy-described", "UserCouponList", held, "IssuedRequest",
                "/v1/coupons/described/requests/" + claimed.path("requestId").asText(), "problem.no-such-issue",
                "/v1/coupons/described/issues/user-without-issue", "problem.unknown-coupon",
                "/v1/coupons/undescribed/stock")
                .forEach((schema, path) -> assertDescribed(schema, get(endpoints, path)));
    }

    private static void assertDescribed(String schema, JsonNode body) {
        assertThat(SCHEMAS.faults(schema, body)).as("%s %s", schema, body).isEmpty();
    }

    private JsonNode get(Endpoints endpoints, String path) {
        try {
            return send(request(endpoints.http() + path));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        return Json.read(answer.body().getBytes(UTF_8), JsonNode.class);
    }

    private static HttpRequest.Builder request(String url) {
        return HttpRequest.newBuilder(URI.create(url)).header("Content-Type", "application/json");
    }
}
