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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.ingress.IngressService;
import io.firstcome.ingress.IngressSettings;
import io.firstcome.kit.service.Service;
import io.firstcome.processor.ProcessorService;
import io.firstcome.processor.ProcessorSettings;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantees;
import io.firstcome.testkit.log.CouponLog;
import io.firstcome.testkit.log.LogReader;

/** Partitions are added to the topic of the commands while claims arrive. Redis is away, which changes nothing. */
class AddedPartitionsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /**
     * The services ask the brokers every second, so they notice within seconds: that is promised, and a claim that is
     * accepted later is one more to decide. The rest of this time is for slow machines.
     */
    private static final Duration SECONDS = Duration.ofSeconds(15);
    private static final String TOKEN = "token-of-the-added-partitions-test";
    private static final String NOTICED = "partitions were added while the service ran: coupon-commands has 4, not 2";

    @TempDir
    private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void shouldDecideEveryAcceptedClaimAndThenStop() throws Exception {
        try (var kafka = EmbeddedKafka.start(folder.resolve("kafka"), 0);
                var authority = ProcessorService.start(ProcessorSettings.from(environment(kafka)));
                var ingress = IngressService.start(IngressSettings.from(environment(kafka)))) {
            // given
            await().atMost(TIMEOUT).until(() -> ready(authority).isEmpty() && ready(ingress).isEmpty());
            defineCoupon(ingress);
            await().atMost(TIMEOUT).until(() -> claim(ingress, 0) == 202);

            // when
            addPartitions(kafka);

            // then
            List<Integer> answers = new ArrayList<>();
            await().atMost(SECONDS).pollInterval(Duration.ofMillis(20)).until(() -> {
                answers.add(claim(ingress, answers.size() + 1));
                return answers.getLast() == 503;
            });
            assertThat(ready(ingress)).contains(NOTICED).contains("Neither reset an application");
            await().atMost(SECONDS).until(() -> ready(authority).contains(NOTICED));
            CouponLog log = new LogReader(kafka.bootstrapServers()).readSettled(TIMEOUT);
            Guarantees.assertAll(Evidence.of(log));
            assertThat(log.outcomes()).hasSize(1 + 1 + answers.size() - 1);
            await().atMost(TIMEOUT).until(() -> authority.health().problemsOfLiveness()
                    .getOrDefault("streams-client", "").contains("refuses to run: " + NOTICED));
            assertThat(claim(ingress, 1_000)).isEqualTo(503);
        }
    }

    private static void addPartitions(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createPartitions(Map.of(Topics.COMMANDS.name(), NewPartitions.increaseTo(4))).all().get();
        }
    }

    private Map<String, String> environment(EmbeddedKafka kafka) {
        return Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers(), "FIRSTCOME_PARTITIONS", "2",
                "FIRSTCOME_REPLICAS", "1", "FIRSTCOME_REDIS_URL", "redis://127.0.0.1:" + FreePort.pick(),
                "FIRSTCOME_HTTP_PORT", "0", "FIRSTCOME_ADMIN_PORT", "0", "FIRSTCOME_ADMIN_TOKEN", TOKEN,
                "FIRSTCOME_PROCESSOR_PORT", "0", "FIRSTCOME_STATE_DIR", folder.resolve("state").toString());
    }

    private void defineCoupon(IngressService ingress) throws IOException, InterruptedException {
        HttpRequest definition = HttpRequest.newBuilder(URI.create(ingress.adminUrl() + "/v1/coupons/coffee"))
                .header("Authorization", "Bearer " + TOKEN).header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("""
                        {"name":"Coffee","stock":1000,"opensAt":"2026-01-01T00:00:00Z",\
                        "closesAt":"2096-01-01T00:00:00Z"}"""))
                .build();
        assertThat(client.send(definition, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }

    private int claim(Service ingress, int user) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(ingress.url() + "/v1/coupons/coffee/issues"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"userId\":\"u" + user + "\"}")).build(),
                BodyHandlers.discarding()).statusCode();
    }

    /** The body of {@code /readyz}, or nothing when the service is ready. */
    private String ready(Service service) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(service.url() + "/readyz")).build(),
                BodyHandlers.ofString());
        return answer.statusCode() == 200 ? "" : answer.body();
    }
}
