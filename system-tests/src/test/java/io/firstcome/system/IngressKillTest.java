package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.embedded.EmbeddedRedis;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.ingress.IngressMain;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LogReader;
import io.firstcome.testkit.process.ChildJvm;

/**
 * An ingress is killed after Kafka has acknowledged a claim and before the HTTP answer. Repeating the claim with the
 * same key at another ingress issues one coupon.
 */
class IngressKillTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final String TOKEN = "token-of-the-ingress-kill-test";
    private static final String CLAIM = "/v1/coupons/coffee/issues";

    @TempDir
    private Path folder;
    private EmbeddedKafka kafka;
    private EmbeddedRedis redis;
    private IngressService survivor;
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeEach
    void start() {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
        redis = EmbeddedRedis.start(folder.resolve("redis"), 0);
        survivor = IngressService.start(IngressSettings.from(environment()));
    }

    @AfterEach
    void stop() {
        client.close();
        survivor.close();
        redis.close();
        kafka.close();
    }

    @Test
    void shouldIssueOnceWhenAClaimIsRepeatedAfterAKill() throws Exception {
        String victimUrl = "http://127.0.0.1:" + FreePort.pick();
        try (var victim = ChildJvm.start(IngressMain.class,
                environment("FIRSTCOME_HTTP_PORT", victimUrl.replaceAll(".*:", "")),
                folder.resolve("victim.log"))) {
            // given
            defineCoupon();
            await().atMost(TIMEOUT).until(() -> status(get(victimUrl + "/v1/coupons/coffee")) == 200);

            // when
            var answer = client.sendAsync(claim(victimUrl), BodyHandlers.ofString());
            await().atMost(TIMEOUT).until(() -> status(get(victimUrl + "/v1/coupons/coffee/requests/key-1")) == 200);
            victim.kill();

            // then
            assertThat(answer).failsWithin(TIMEOUT);
        }
        try (var _ = authority()) {
            HttpResponse<String> first = client.send(claim(survivor.url()), BodyHandlers.ofString());
            HttpResponse<String> second = client.send(claim(survivor.url()), BodyHandlers.ofString());
            assertThat(List.of(first.statusCode(), second.statusCode())).containsOnly(201);
            assertThat(second.body()).isEqualTo(first.body()).contains("\"requestId\":\"key-1\"");
            CouponLog log = new LogReader(kafka.bootstrapServers()).readSettled(TIMEOUT);
            assertThat(log.decisions().stream().filter(CouponIssued.class::isInstance).distinct()).hasSize(1);
            Guarantees.assertAll(Evidence.of(log));
        }
    }

    /** Runs the authority only for this call, so that the claim of the test stays undecided. */
    private void defineCoupon() throws IOException, InterruptedException {
        try (var _ = authority()) {
            HttpRequest definition = HttpRequest.newBuilder(URI.create(survivor.adminUrl() + "/v1/coupons/coffee"))
                    .header("Authorization", "Bearer " + TOKEN).header("Content-Type", "application/json")
                    .PUT(BodyPublishers.ofString("""
                            {"name":"Coffee","stock":5,"opensAt":"2026-01-01T00:00:00Z",\
                            "closesAt":"2096-01-01T00:00:00Z"}"""))
                    .build();
            assertThat(client.send(definition, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
        }
    }

    private ProcessorService authority() {
        ProcessorService authority = ProcessorService.start(ProcessorSettings.from(environment()));
        await().atMost(TIMEOUT).until(() -> status(get(authority.url() + "/readyz")) == 200);
        return authority;
    }

    private static HttpRequest claim(String ingress) {
        return HttpRequest.newBuilder(URI.create(ingress + CLAIM)).header("Content-Type", "application/json")
                .header("Idempotency-Key", "key-1").header("Prefer", "wait=30")
                .POST(BodyPublishers.ofString("{\"userId\":\"u1\"}")).build();
    }

    private static HttpRequest get(String url) {
        return HttpRequest.newBuilder(URI.create(url)).build();
    }

    /** The status, or 0 when the connection fails. */
    private int status(HttpRequest request) throws InterruptedException {
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private Map<String, String> environment(String... more) {
        Map<String, String> environment = new HashMap<>(
                Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(),
                        "FIRSTCOME_PARTITIONS", "3", "FIRSTCOME_REDIS_URL", redis.uri(), "FIRSTCOME_HTTP_PORT", "0",
                        "FIRSTCOME_ADMIN_PORT", "0", "FIRSTCOME_ADMIN_TOKEN", TOKEN, "FIRSTCOME_PROCESSOR_PORT", "0",
                        "FIRSTCOME_STATE_DIR", folder.resolve("state").toString(), "FIRSTCOME_REPLICAS", "1"));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }
}
