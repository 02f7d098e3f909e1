package io.firstcome.processor.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;

/** The queries of an instance that is still starting: it checks requests and has no stores yet. */
class CouponQueriesTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static Metrics metrics;
    private static CouponQueries queries;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        metrics = new Metrics("test");
        queries = new CouponQueries(Peers.of("127.0.0.1"));
        server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(), metrics,
                queries::register);
    }

    @AfterAll
    static void stop() {
        server.close();
        queries.close();
        metrics.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"stock", "issues/alice", "holders", "holders?limit=5000&after=u-1_Z"})
    void shouldBeUnavailableWhileStarting(String query) throws IOException, InterruptedException {
        // when
        HttpResponse<String> response = get("/v1/coupons/c1/" + query);

        // then
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("1");
        assertThat(response.body()).contains("urn:firstcome:problem:unavailable", "This instance is starting.");
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=5001,limit", "limit=-1,limit", "limit=ten,limit", "limit=,limit",
        "limit=99999999999,limit", "limit=1&limit=2,limit", "after=,after", "after=a%20b,after", "after=a%2Fb,after",
        "after=a&after=b,after", "cursor=a,cursor", "offset=3,offset"})
    void shouldNameInvalidParameterOfHolders(String query, String parameter) throws IOException, InterruptedException {
        // when
        HttpResponse<String> response = get("/v1/coupons/c1/holders?" + query);

        // then
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("urn:firstcome:problem:invalid-request",
                "\"field\":\"" + parameter + "\"");
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return HTTP.send(HttpRequest.newBuilder(URI.create(server.url() + path)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
