package io.firstcome.kit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.http.HttpLimits;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** What a client sends that no client may send, byte by byte. */
class JettyConfigurerTest {

    private static final String HOST = "Host: x\r\n";
    private static final HttpServerSettings DEFAULTS = HttpServerSettings.from(Map.of());
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(2);

    private static final AtomicLong BYTES_WRITTEN = new AtomicLong();
    private static final CountDownLatch WRITING_ENDED = new CountDownLatch(1);

    private static Metrics metrics;
    private static HttpServer server;

    @BeforeAll
    static void start() {
        metrics = new Metrics("test");
        var settings = new HttpServerSettings(DEFAULTS.connections(), DEFAULTS.stopDelay(), DEFAULTS.stopTimeout(),
                READ_TIMEOUT);
        server = HttpServer.start("127.0.0.1", 0, settings, new Health(), metrics, JettyConfigurerTest::routes);
    }

    private static void routes(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}", context -> context.result(Requests.couponId(context).value()));
        routes.post("/echo", context -> Requests.answer(context, 200, Requests.body(context, JsonNode.class)));
        routes.get("/session", context -> assertThatThrownBy(() -> context.req().getSession())
                .isInstanceOf(IllegalStateException.class));
        routes.get("/who", context -> context.result(context.header("Authorization")));
        routes.post("/pause", context -> context.result("paused"));
        routes.get("/without-end", JettyConfigurerTest::writeWithoutEnd);
        routes.get("/wait", context -> context.result(later().join()));
        routes.get("/wait-elsewhere", context -> context.future(() -> later().thenAccept(context::result)));
    }

    private static void writeWithoutEnd(Context context) throws IOException {
        byte[] bytes = new byte[1024];
        try {
            while (true) {
                context.res().getOutputStream().write(bytes);
                BYTES_WRITTEN.addAndGet(bytes.length);
            }
        } finally {
            WRITING_ENDED.countDown();
        }
    }

    /** Longer than a request may take to come. */
    private static CompletableFuture<String> later() {
        return new CompletableFuture<String>().completeOnTimeout("worth it",
                READ_TIMEOUT.plusSeconds(1).toMillis(), TimeUnit.MILLISECONDS);
    }

    @AfterAll
    static void stop() {
        server.close();
        metrics.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "400|rubbish",
        "400|GET",
        "400|GET livez HTTP/1.1",
        "400|GET /li vez HTTP/1.1",
        "400|G(T /livez HTTP/1.1",
        "505|GET /livez HTTP/3.7",
        "505|GET /livez HTTP/x",
        "405|BREW /livez HTTP/1.1",
        "405|BEFORE /livez HTTP/1.1",
        "405|TRACE /livez HTTP/1.1",
        "400|CONNECT /livez HTTP/1.1",
        "400|GET /v1/coupons/%2e%2e/livez HTTP/1.1",
        "400|GET /v1/coupons/a%2Fb HTTP/1.1",
        "400|GET /v1/coupons/..;/x HTTP/1.1",
        "400|GET /v1/coupons/a;b=c HTTP/1.1",
        "400|GET //v1/coupons/a HTTP/1.1",
        "400|GET /v1//coupons/a HTTP/1.1",
        "400|GET /v1/coupons/%ff%fe HTTP/1.1",
        "400|GET /v1/coupons/%zz HTTP/1.1",
        "400|GET /v1/coupons/%4 HTTP/1.1",
        "400|GET /v1/coupons/%00 HTTP/1.1",
        "400|GET /v1/coupons/%25 HTTP/1.1",
        "400|GET /v1/coupons/a%0d%0aX:1 HTTP/1.1",
        "404|GET /v1/../livez HTTP/1.1",
        "400|GET /livez#top HTTP/1.1",
        "400|GET http://other/livez HTTP/1.1"})
    void shouldAnswerABadFirstLineWithAProblem(int status, String line) throws IOException {
        assertProblem(status, ask(line + "\r\n" + HOST + "\r\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "400|Host: y",
        "400|no colon",
        "400|Bad Name: x",
        "400|Space : x",
        "400| folded: x",
        "400|: empty",
        "400|Content-Length: x",
        "400|Content-Length: -1",
        "400|Content-Length: 1, 2",
        "400|Transfer-Encoding: gzip",
        "400|Idempotency-Key: ",
        "400|Idempotency-Key: a b"})
    void shouldAnswerABadHeaderWithAProblem(int status, String header) throws IOException {
        assertProblem(status, ask("GET /livez HTTP/1.1\r\n" + HOST + header + "\r\n\r\n"));
    }

    @Test
    void shouldTakeOneIdempotencyKey() throws IOException {
        RawAnswer answer = ask("GET /livez HTTP/1.1\r\n" + HOST + "Idempotency-Key: a\r\nIdempotency-Key: a\r\n\r\n");
        assertProblem(400, answer);
        assertThat(answer.json().path("field").asText()).isEqualTo("Idempotency-Key");
    }

    @Test
    void shouldNotTakeFramingThatTheVersionDoesNotKnow() throws IOException {
        assertProblem(400, ask("POST /echo HTTP/1.0\r\n" + HOST
                + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"));
    }

    @Test
    void shouldInsistOnAHost() throws IOException {
        assertProblem(400, ask("GET /livez HTTP/1.1\r\n\r\n"));
    }

    @Test
    void shouldBoundFirstLineAndHeaders() throws IOException {
        String much = "x".repeat(HttpLimits.MAX_HEAD_BYTES);
        assertProblem(414, ask("GET /" + much + " HTTP/1.1\r\n" + HOST + "\r\n"));
        assertProblem(431, ask("GET /livez HTTP/1.1\r\n" + HOST + "X: " + much + "\r\n\r\n"));
    }

    @Test
    void shouldNotRepeatWhatItCouldNotRead() throws IOException {
        RawAnswer answer = ask("GET /<script> HTTP/1.1\r\n" + HOST + "Bad<script>: x\r\n\r\n");
        assertProblem(400, answer);
        assertThat(answer.toString()).doesNotContain("script");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}extra\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, gzip\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n",
        "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"})
    void shouldAnswerBadFramingWithAProblem(String headersAndBody) throws IOException {
        assertProblem(400, ask("POST /echo HTTP/1.1\r\n" + HOST + headersAndBody));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Length: 10\r\n\r\n{}", "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"})
    void shouldAnswerABodyThatEndsTooSoon(String headersAndBody) throws IOException {
        try (var client = RawConnection.to(server.url())) {
            client.send("POST /echo HTTP/1.1\r\n" + HOST + headersAndBody);
            client.endSending();
            assertProblem(400, client.receive());
        }
    }

    @Test
    void shouldBoundTheBodyHoweverItComes() throws IOException {
        String most = "\"" + "x".repeat(HttpLimits.MAX_BODY_BYTES - 2) + "\"";
        assertThat(ask(post("Content-Length: " + most.length(), most)).status()).isEqualTo(200);
        assertThat(ask(post("Transfer-Encoding: chunked", chunked(most))).status()).isEqualTo(200);
        assertProblem(413, ask(post("Content-Length: " + (most.length() + 1), most + " ")));
        assertProblem(413, ask(post("Transfer-Encoding: chunked", chunked(most + " "))));
        assertProblem(413, ask(post("Content-Length: 99999999999", most + " ")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"200|application/json", "200|application/json; charset=UTF-8",
        "200|Application/JSON;charset=\"utf-8\"", "415|application/json; charset=utf-16", "415|text/plain",
        "415|application/x-www-form-urlencoded", "415|application/jsonp", "415|application/json, text/plain",
        "415|*/*", "415|''"})
    void shouldReadJsonOnly(int status, String type) throws IOException {
        RawAnswer answer = ask(post("Content-Type: " + type + "\r\nContent-Length: 2", "{}"));
        assertThat(answer.status()).isEqualTo(status);
        if (status != 200) {
            assertProblem(status, answer);
        }
    }

    @Test
    void shouldIgnoreABodyThatTheHandlerDoesNotRead() throws IOException {
        try (var client = RawConnection.to(server.url())) {
            String body = "not json";
            client.send("POST /pause HTTP/1.1\r\n" + HOST + "Content-Length: " + body.length() + "\r\n\r\n" + body);
            assertThat(client.receive().text()).isEqualTo("paused");
            client.send("GET /livez HTTP/1.1\r\n" + HOST + "\r\n");
            assertThat(client.receive().status()).isEqualTo(200);
        }
    }

    @Test
    void shouldNotLetAHeaderChangeTheMethod() throws IOException {
        assertThat(ask("GET /livez HTTP/1.1\r\n" + HOST + "X-HTTP-Method-Override: POST\r\n\r\n").status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/v1/coupons/a", "/nowhere"})
    void shouldNotLetAHeaderOpenASession(String path) throws IOException {
        // given
        RawAnswer plain = ask("GET " + path + " HTTP/1.1\r\n" + HOST + "\r\n");

        // when
        RawAnswer answer = ask("GET " + path + " HTTP/1.1\r\n" + HOST + "Sec-WebSocket-Version: 13\r\n\r\n");

        // then
        assertThat(answer.status()).isEqualTo(plain.status());
        assertThat(answer.header("Request-Id")).isPresent();
        assertThat(answer.header("Set-Cookie")).isEmpty();
    }

    @Test
    void shouldHaveNoSessions() throws IOException {
        assertThat(ask("GET /session HTTP/1.1\r\n" + HOST + "\r\n").status()).isEqualTo(200);
    }

    @Test
    void shouldNotTakeAHeaderForAnEarlierOneInOtherLetters() throws IOException {
        try (var client = RawConnection.to(server.url())) {
            for (String header : List.of("Authorization: Bearer abc", "AUTHORIZATION: BEARER ABC")) {
                client.send("GET /who HTTP/1.1\r\n" + HOST + header + "\r\n\r\n");
                assertThat(client.receive().text()).isEqualTo(header.substring(header.indexOf(' ') + 1));
            }
        }
    }

    @Test
    void shouldNameTheMethodsThatAPathKnows() throws IOException {
        RawAnswer answer = ask("DELETE /echo HTTP/1.1\r\n" + HOST + "\r\n");
        assertProblem(405, answer);
        assertThat(answer.header("Allow")).contains("POST");
    }

    @Test
    void shouldAnswerHeadAsGetWithoutTheBody() throws IOException {
        try (var client = RawConnection.to(server.url())) {
            client.send("HEAD /v1/coupons/a.b HTTP/1.1\r\n" + HOST + "\r\n");
            client.send("GET /livez HTTP/1.1\r\n" + HOST + "\r\n");
            client.endSending();
            assertThat(client.receiveHead().status()).isEqualTo(400);
            assertThat(client.receive().status()).isEqualTo(200);
        }
    }

    @Test
    void shouldCutOffWhoTakesTooLong() throws IOException {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var head = RawConnection.to(server.url());
                var body = RawConnection.to(server.url());
                var framing = RawConnection.to(server.url());
                var trailers = RawConnection.to(server.url());
                var patient = RawConnection.to(server.url());
                var listener = RawConnection.to(server.url())) {
            // given
            patient.send("GET /wait HTTP/1.1\r\n" + HOST + "\r\n");
            listener.send("GET /wait-elsewhere HTTP/1.1\r\n" + HOST + "\r\n");
            head.send("GET /livez HTTP/1.1\r\nX: ");
            body.send(post("Content-Length: 4000", ""));
            framing.send(post("Transfer-Encoding: chunked", "2;x="));
            trailers.send(post("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nX: "));

            // when
            var senders = List.of(body, framing, trailers);
            var answers = senders.stream()
                    .map(it -> CompletableFuture.supplyAsync(() -> answerTo(it), threads)).toList();
            await().atMost(Duration.ofMinutes(1)).pollInterval(Duration.ofMillis(500))
                    .until(() -> drip(head) & IntStream.range(0, senders.size())
                            .filter(i -> !answers.get(i).isDone() && !drip(senders.get(i))).count() == 0);

            // then
            answers.forEach(answer -> assertProblem(408, answer.join()));
            assertThat(patient.receive().text()).isEqualTo("worth it");
            assertThat(listener.receive().text()).isEqualTo("worth it");
        }
    }

    private static RawAnswer answerTo(RawConnection client) {
        try {
            return client.receive();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more byte; true once the server takes no more. */
    private static boolean drip(RawConnection client) {
        try {
            client.send("x");
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void shouldHoldLittleOfAnAnswerThatIsNotRead() throws Exception {
        try (var client = RawConnection.to(server.url())) {
            // when
            client.send("GET /without-end HTTP/1.1\r\n" + HOST + "\r\n");

            // then
            assertThat(WRITING_ENDED.await(1, TimeUnit.MINUTES)).isTrue();
            assertThat(BYTES_WRITTEN.get()).isLessThan(512 * 1024);
        }
    }

    @Test
    void shouldNotOpenMoreConnectionsThanItMay() throws IOException {
        var few = new HttpServerSettings(3, Duration.ZERO, DEFAULTS.stopTimeout(), DEFAULTS.readTimeout());
        List<RawConnection> open = new ArrayList<>();
        var limited = HttpServer.start("127.0.0.1", 0, few, new Health(), metrics, JettyConfigurerTest::routes);
        try {
            // given
            for (int i = 0; i < few.connections(); i++) {
                open.add(RawConnection.to(limited.url()));
                assertThat(livez(open.getLast()).status()).isEqualTo(200);
            }

            // when
            RawConnection further = RawConnection.to(limited.url());
            open.add(further);
            further.send("GET /livez HTTP/1.1\r\n" + HOST + "\r\n");

            // then
            assertThatThrownBy(() -> further.receive(Duration.ofSeconds(1)))
                    .isInstanceOf(SocketTimeoutException.class);
            open.getFirst().close();
            assertThat(further.receive().status()).isEqualTo(200);
        } finally {
            for (RawConnection connection : open) {
                connection.close();
            }
            limited.close();
        }
    }

    private static RawAnswer livez(RawConnection client) throws IOException {
        client.send("GET /livez HTTP/1.1\r\n" + HOST + "\r\n");
        return client.receive();
    }

    private static String post(String header, String body) {
        return "POST /echo HTTP/1.1\r\n" + HOST + header + "\r\n\r\n" + body;
    }

    private static String chunked(String body) {
        return Integer.toHexString(body.length()) + "\r\n" + body + "\r\n0\r\n\r\n";
    }

    private static RawAnswer ask(String request) throws IOException {
        try (var client = RawConnection.to(server.url())) {
            client.send(request);
            return client.receive();
        } catch (EOFException e) {
            throw new AssertionError("no answer to " + request, e);
        }
    }

    private static void assertProblem(int status, RawAnswer answer) {
        assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).contains("application/problem+json");
        assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
        JsonNode problem = answer.json();
        assertThat(problem.path("type").asText()).startsWith("urn:firstcome:problem:");
        assertThat(problem.path("status").intValue()).isEqualTo(status);
        assertThat(answer.header("Request-Id")).contains(problem.path("requestId").asText());
    }
}
