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

/** An ingress on the module's Kafka, and somebody who talks to it. */
public final class TestIngress implements AutoCloseable {

    public static final String TOKEN = "let-me-in-by-this-door";

    private static final Duration BUSY_MACHINE = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final IngressService service;

    private TestIngress(IngressSettings settings) {
        service = IngressService.start(settings);
        await().until(() -> get("/readyz").status() == 200);
    }

    /** On the shared Redis. */
    public static TestIngress with(Map<String, String> more) {
        return on(RedisServer.shared(), more);
    }

    public static TestIngress on(RedisServer redis, Map<String, String> more) {
        return on(redis, KafkaServer.kafkaSettings(), more);
    }

    /** Its claims wait for the gate as long as a busy machine may need, and are not passed on to the log meanwhile. */
    public static TestIngress on(RedisServer redis, KafkaSettings kafka, Map<String, String> more) {
        IngressSettings settings = settings(redis, kafka, more);
        return new TestIngress(patient(settings, settings.gate(), settings.server()));
    }

    /** Its claims wait for the gate no longer than they do in production: for tests of a Redis in trouble. */
    public static TestIngress inAHurry(RedisServer redis, Map<String, String> more) {
        return new TestIngress(settings(redis, KafkaServer.kafkaSettings(), more));
    }

    /** Its claims wait for reserved stock for longer than users may be kept waiting. */
    public static TestIngress waitingForStock() {
        IngressSettings settings = settings(RedisServer.shared(), KafkaServer.kafkaSettings(), Map.of());
        return new TestIngress(patient(settings, waitingForStock(settings.gate()), settings.server()));
    }

    private static IngressSettings settings(RedisServer redis, KafkaSettings kafka, Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(redis.environment());
        environment.put("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrap());
        environment.put("FIRSTCOME_PARTITIONS", String.valueOf(kafka.partitions()));
        environment.put("FIRSTCOME_PROCESSOR_URL", KafkaServer.authority().url());
        environment.put("FIRSTCOME_HTTP_PORT", "0");
        environment.put("FIRSTCOME_ADMIN_PORT", "0");
        environment.put("FIRSTCOME_ADMIN_TOKEN", TOKEN);
        // Tests press on under few names.
        environment.put("FIRSTCOME_USER_CLAIMS_PER_SECOND", "0");
        environment.putAll(more);
        return IngressSettings.from(environment);
    }

    private static IngressSettings patient(IngressSettings settings, GateSettings gate,
            HttpServerSettings server) {
        RedisSettings redis = settings.redis();
        return new IngressSettings(settings.kafka(), settings.ackTimeout(),
                redis.with(redis.connections(), BUSY_MACHINE), gate, settings.requests(), settings.events(),
                settings.identity(), settings.protection(), settings.http(), server);
    }

    /** It cuts off clients that send or read too slowly after a second or two, not after ten. */
    public static TestIngress cuttingOffSoon(Map<String, String> more) {
        HttpServerSettings server = HttpServerSettings.from(Map.of());
        return on(RedisServer.shared(), KafkaServer.kafkaSettings(), more, new HttpServerSettings(server.connections(),
                server.stopDelay(), server.stopTimeout(), Duration.ofSeconds(1)));
    }

    /** Its stop waits for requests under way as long as they may take, and not for ten seconds in any case. */
    public static TestIngress stoppingSoon(KafkaSettings kafka, Map<String, String> more) {
        HttpServerSettings server = HttpServerSettings.from(Map.of());
        return on(RedisServer.shared(), kafka, more, new HttpServerSettings(server.connections(), server.stopDelay(),
                Duration.ofMillis(100), server.readTimeout()));
    }

    private static TestIngress on(RedisServer redis, KafkaSettings kafka, Map<String, String> more,
            HttpServerSettings server) {
        IngressSettings settings = settings(redis, kafka, more);
        return new TestIngress(patient(settings, settings.gate(), server));
    }

    private static GateSettings waitingForStock(GateSettings gate) {
        return new GateSettings(gate.skew(), gate.reservation(), gate.passThroughPerSecond(), BUSY_MACHINE,
                gate.stockWaiters(), gate.retention(), gate.coldFillAfter(), gate.group());
    }

    public IngressService service() {
        return service;
    }

    /** Claims without naming the request. */
    public Reply claim(String coupon, String user, String... headers) {
        String body = claimOf(user);
        return send(claimRequest(coupon, body, headers), body);
    }

    public CompletableFuture<Reply> claimAsync(String coupon, String user, String... headers) {
        String body = claimOf(user);
        return client.sendAsync(claimRequest(coupon, body, headers), BodyHandlers.ofString())
                .thenApply(answer -> described(answer, body));
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
        return client.sendAsync(request(service.url() + path, headers).build(), BodyHandlers.ofString())
                .thenApply(answer -> described(answer, ""));
    }

    /** By any method. */
    public Reply ask(String method, String path, String body, String... headers) {
        return send(request(service.url() + path, headers).method(method, BodyPublishers.ofString(body)).build(), body);
    }

    /** Follows a coupon's events. */
    public EventStream follow(String coupon, String... headers) {
        HttpRequest request = request(service.url() + "/v1/coupons/" + coupon, headers).build();
        HttpResponse<InputStream> answer = client.sendAsync(request, BodyHandlers.ofInputStream()).join();
        if (answer.statusCode() == 200) {
            ApiJudge.judge(answer, "");
        }
        return EventStream.of(answer);
    }

    public Reply post(String path, String body, String... headers) {
        return send(request(service.url() + path, headers).POST(BodyPublishers.ofString(body)).build(), body);
    }

    /** The sum of all meters whose line in {@code /metrics} begins so. */
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

    /** An operator's command, as {@code coupon} or {@code coupon/pause}. */
    public Reply admin(String method, String path, String body, String... headers) {
        String[] all = headers.length > 0 ? headers : new String[]{"Authorization", "Bearer " + TOKEN};
        return send(request(service.adminUrl() + "/v1/coupons/" + path, all)
                .method(method, BodyPublishers.ofString(body)).build(), body);
    }

    private static HttpRequest.Builder request(String url, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** Whatever it answers must be in {@code openapi.yaml}, and so must be whatever it carries out. */
    private static Reply described(HttpResponse<String> answer, String body) {
        ApiJudge.judge(answer, body);
        return Reply.of(answer);
    }

    private Reply send(HttpRequest request, String body) {
        try {
            return described(client.send(request, BodyHandlers.ofString()), body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Gives up the connections first: the service would wait a second for each that is kept open. */
    @Override
    public void close() {
        client.shutdownNow();
        service.close();
    }
}
