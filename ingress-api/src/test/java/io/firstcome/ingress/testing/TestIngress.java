package io.firstcome.ingress.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.firstcome.gate.GateSettings;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

/** An ingress on the module's Kafka, with an HTTP client. */
public final class TestIngress implements AutoCloseable {

    public static final String TOKEN = "let-me-in-by-this-door";

    private static final Duration LONG_TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final IngressService service;

    private TestIngress(IngressSettings settings) {
        this(settings, InstantSource.system());
    }

    private TestIngress(IngressSettings settings, InstantSource clock) {
        service = IngressService.start(settings, clock);
        await().until(() -> get("/readyz").status() == 200);
    }

    /** Starts an ingress on the shared Redis. */
    public static TestIngress with(Map<String, String> overrides) {
        return on(RedisServer.shared(), overrides);
    }

    public static TestIngress on(RedisServer redis, Map<String, String> overrides) {
        return on(redis, KafkaServer.kafkaSettings(), overrides);
    }

    /** Starts an ingress with a long gate timeout, so that a slow machine does not make claims bypass the gate. */
    public static TestIngress on(RedisServer redis, KafkaSettings kafka, Map<String, String> overrides) {
        IngressSettings settings = settings(redis, kafka, overrides);
        return new TestIngress(withLongTimeouts(settings, settings.gate(), settings.server()));
    }

    /** Starts an ingress on the shared Redis, with another clock than the system's. */
    public static TestIngress withClock(InstantSource clock) {
        IngressSettings settings = settings(RedisServer.shared(), KafkaServer.kafkaSettings(), Map.of());
        return new TestIngress(withLongTimeouts(settings, settings.gate(), settings.server()), clock);
    }

    /** Starts an ingress with the default gate timeout, for tests of a slow or lost Redis. */
    public static TestIngress withDefaultTimeouts(RedisServer redis, Map<String, String> overrides) {
        return new TestIngress(settings(redis, KafkaServer.kafkaSettings(), overrides));
    }

    /** Starts an ingress whose claims wait longer for reserved stock than the settings allow. */
    public static TestIngress withLongStockWait(Map<String, String> overrides) {
        IngressSettings settings = settings(RedisServer.shared(), KafkaServer.kafkaSettings(), overrides);
        return new TestIngress(withLongTimeouts(settings, withLongStockWait(settings.gate()), settings.server()));
    }

    private static IngressSettings settings(RedisServer redis, KafkaSettings kafka, Map<String, String> overrides) {
        Map<String, String> environment = new HashMap<>(redis.environment());
        environment.put("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap());
        environment.put("FIRSTCOME_PARTITIONS", String.valueOf(kafka.partitions()));
        environment.put("FIRSTCOME_REPLICAS", String.valueOf(kafka.replicas()));
        environment.put("FIRSTCOME_PROCESSOR_URL", KafkaServer.authority().url());
        environment.put("FIRSTCOME_HTTP_PORT", "0");
        environment.put("FIRSTCOME_ADMIN_PORT", "0");
        environment.put("FIRSTCOME_ADMIN_TOKEN", TOKEN);
        // Tests send many claims of few users.
        environment.put("FIRSTCOME_USER_CLAIMS_PER_SECOND", "0");
        environment.putAll(overrides);
        return IngressSettings.from(environment);
    }

    private static IngressSettings withLongTimeouts(IngressSettings settings, GateSettings gate,
            HttpServerSettings server) {
        RedisSettings redis = settings.redis();
        return new IngressSettings(settings.kafka(), settings.ackTimeout(),
                redis.with(redis.connections(), LONG_TIMEOUT), gate, settings.requests(),
                settings.holders(), settings.events(), settings.identity(), settings.protection(), settings.http(),
                server, settings.archiveAfter(), settings.labelledCoupons(), settings.tracing());
    }

    /** Starts an ingress that disconnects slow clients after one second instead of ten. */
    public static TestIngress withShortReadTimeout(Map<String, String> overrides) {
        HttpServerSettings server = HttpServerSettings.from(Map.of());
        return on(RedisServer.shared(), KafkaServer.kafkaSettings(), overrides,
                new HttpServerSettings(server.connections(), server.stopDelay(), server.stopTimeout(),
                        Duration.ofSeconds(1)));
    }

    /** Starts an ingress with another stop timeout than ten seconds. */
    public static TestIngress withStopTimeout(Duration stopTimeout, KafkaSettings kafka,
            Map<String, String> overrides) {
        HttpServerSettings server = HttpServerSettings.from(Map.of());
        return on(RedisServer.shared(), kafka, overrides,
                new HttpServerSettings(server.connections(), server.stopDelay(), stopTimeout, server.readTimeout()));
    }

    private static TestIngress on(RedisServer redis, KafkaSettings kafka, Map<String, String> overrides,
            HttpServerSettings server) {
        IngressSettings settings = settings(redis, kafka, overrides);
        return new TestIngress(withLongTimeouts(settings, settings.gate(), server));
    }

    private static GateSettings withLongStockWait(GateSettings gate) {
        return new GateSettings(gate.skew(), gate.reservation(), gate.passThroughPerSecond(), LONG_TIMEOUT,
                gate.retention(), gate.coldFillAfter(), gate.group());
    }

    public IngressService service() {
        return service;
    }

    /** Sends a claim; without an Idempotency-Key header the ingress chooses the request id. */
    public Reply claim(String coupon, String user, String... headers) {
        String body = claimOf(user);
        return send(claimRequest(coupon, body, headers), body);
    }

    public CompletableFuture<Reply> claimAsync(String coupon, String user, String... headers) {
        String body = claimOf(user);
        return sendAsync(claimRequest(coupon, body, headers), body);
    }

    private static String claimOf(String user) {
        return "{\"userId\":\"" + user + "\"}";
    }

    private HttpRequest claimRequest(String coupon, String body, String... headers) {
        return request(service.url() + "/v1/coupons/" + coupon + "/issues", headers)
                .POST(BodyPublishers.ofString(body)).build();
    }

    public Reply get(String path, String... headers) {
        return send(request(service.url() + path, headers).build(), "");
    }

    public CompletableFuture<Reply> getAsync(String path, String... headers) {
        return sendAsync(request(service.url() + path, headers).build(), "");
    }

    /** Sends a request with any method. */
    public Reply call(String method, String path, String body, String... headers) {
        return send(request(service.url() + path, headers).method(method, BodyPublishers.ofString(body)).build(), body);
    }

    /** Subscribes to the events of a coupon. */
    public EventStream follow(String coupon, String... headers) {
        HttpRequest request = request(service.url() + "/v1/coupons/" + coupon, headers).build();
        HttpResponse<InputStream> answer = client.sendAsync(request, BodyHandlers.ofInputStream()).join();
        if (answer.statusCode() == 200) {
            ApiJudge.judge(answer, "", CurrentTest.name());
        }
        return EventStream.of(answer);
    }

    /** Opens the stream of a console. The answer's body must be closed. */
    public HttpResponse<InputStream> followConsole(String query) {
        HttpRequest request = request(service.adminUrl() + "/v1/console/stream" + query, "Authorization",
                "Bearer " + TOKEN).build();
        HttpResponse<InputStream> answer = client.sendAsync(request, BodyHandlers.ofInputStream()).join();
        if (answer.statusCode() == 200) {
            ApiJudge.judge(answer, "", CurrentTest.name());
        }
        return answer;
    }

    public Reply post(String path, String body, String... headers) {
        return send(request(service.url() + path, headers).POST(BodyPublishers.ofString(body)).build(), body);
    }

    /** The sum of all lines of {@code /metrics} with this prefix. */
    public double metric(String prefix) {
        return get("/metrics").text().lines().filter(line -> line.startsWith(prefix))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ')))).sum();
    }

    public Reply define(String coupon, long stock) {
        return define(coupon, stock, Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2096-01-01T00:00:00Z"));
    }

    public Reply define(String coupon, long stock, Instant opensAt, Instant closesAt) {
        return admin("PUT", coupon, """
                {"name":"Coffee","stock":%d,"opensAt":"%s","closesAt":"%s"}""".formatted(stock, opensAt, closesAt));
    }

    /** Sends a request of an operator; the path is {@code coupon}, {@code coupon/pause} or begins with a slash. */
    public Reply admin(String method, String path, String body, String... headers) {
        String[] all = headers.length > 0 ? headers : new String[]{"Authorization", "Bearer " + TOKEN};
        return send(request(service.adminUrl() + (path.startsWith("/") ? "" : "/v1/coupons/") + path, all)
                .method(method, BodyPublishers.ofString(body)).build(), body);
    }

    private static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** Checks the answer, and the request if it succeeded, against {@code openapi.yaml}. */
    private static Reply checked(HttpResponse<String> answer, String body, String test) {
        ApiJudge.judge(answer, body, test);
        return Reply.of(answer);
    }

    private CompletableFuture<Reply> sendAsync(HttpRequest request, String body) {
        String test = CurrentTest.name();
        return client.sendAsync(request, BodyHandlers.ofString()).thenApply(answer -> checked(answer, body, test));
    }

    private Reply send(HttpRequest request, String body) {
        try {
            return checked(client.send(request, BodyHandlers.ofString()), body, CurrentTest.name());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Closes the connections first, because the service waits a second for each open connection. */
    @Override
    public void close() {
        client.shutdownNow();
        service.close();
    }
}
