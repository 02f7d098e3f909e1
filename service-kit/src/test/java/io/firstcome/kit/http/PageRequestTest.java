package io.firstcome.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServer;
import io.firstcome.kit.server.HttpServerSettings;
import io.javalin.http.Context;

/** Pages of the numbers from 1 to 200, those that a caller wants. */
class PageRequestTest {

    private final Metrics metrics = new Metrics("test");
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server = HttpServer.start("127.0.0.1", 0, HttpServerSettings.from(Map.of()), new Health(),
            metrics,
            routes -> routes.get("/numbers", PageRequestTest::numbers));

    private static void numbers(Context context) {
        PageRequest request = PageRequest.of(context, "even");
        int step = request.filter("even").isPresent() ? 2 : 1;
        int first = request.after(Integer::valueOf).orElse(0) + step;
        List<Integer> read = IntStream.iterate(first, it -> it <= 200, it -> it + step).boxed()
                .limit(request.toRead()).toList();
        Page<Integer> page = Page.of(request, read, String::valueOf);
        page.link(context, request);
        Requests.answer(context, 200, Map.of("numbers", page.items()));
    }

    @AfterEach
    void stop() {
        // The server waits a second for each idle connection.
        client.shutdownNow();
        server.close();
        metrics.close();
    }

    @Test
    void shouldUseTheDefaultLimit() throws Exception {
        assertThat(get("/numbers").body()).startsWith("{\"numbers\":[1,2,").endsWith(",19,20]}");
    }

    @Test
    void shouldLinkToTheNextPageWithEverythingElseThatWasAskedFor() throws Exception {
        // when
        HttpResponse<String> first = get("/numbers?even=yes%26so%20on&limit=99");

        // then
        String link = first.headers().firstValue("Link").orElseThrow();
        assertThat(link).matches("</numbers\\?cursor=[A-Za-z0-9_-]+&even=yes%26so\\+on&limit=99>; rel=\"next\"");

        // when
        HttpResponse<String> second = get(link.substring(1, link.indexOf('>')));

        // then
        assertThat(second.body()).isEqualTo("{\"numbers\":[200]}");
        assertThat(second.headers().firstValue("Link")).isEmpty();
    }

    @Test
    void shouldNotPromiseAPageBehindOneThatIsExactlyFull() throws Exception {
        assertThat(get("/numbers?even=1&limit=100").headers().firstValue("Link")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"limit=0,limit", "limit=101,limit", "limit=-1,limit", "limit=ten,limit", "limit=,limit",
        "limit=99999999999,limit", "limit=1&limit=2,limit", "cursor=,cursor", "cursor=%20,cursor",
        "cursor=eHh4,cursor", "cursor=A,cursor", "offset=3,offset", "even=1&even=2,even"})
    void shouldNameTheParameterThatIsNotAllowed(String query, String field) throws Exception {
        // when
        HttpResponse<String> answer = get("/numbers?" + query);

        // then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("\"field\":\"" + field + "\"");
    }

    private HttpResponse<String> get(String target) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(server.url() + target)).build(), BodyHandlers.ofString());
    }
}
