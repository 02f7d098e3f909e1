package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.ingress.testing.EventStream;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;
import io.firstcome.testkit.log.LogReader;
import io.firstcome.testkit.log.LoggedCommand;

class IngressServiceTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();
    private static final RedisServer REDIS = RedisServer.shared();

    private static final String[] WAIT = {"Prefer", "wait=30"};

    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();

    @Test
    void shouldShareRequestsAndRestocksAmongIngresses() {
        TestIngress one = TestIngress.with(Map.of());
        TestIngress two = TestIngress.with(Map.of());
        try (one; two) {
            // given
            one.define(coupon, 1);
            Reply issued = one.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");
            assertThat(issued.status()).isEqualTo(201);

            // then
            String request = "/v1/coupons/" + coupon + "/requests/" + coupon + "-k";
            await().untilAsserted(() -> assertThat(two.get(request).get("status")).isEqualTo("ISSUED"));
            assertThat(two.claim(coupon, "u1", "Idempotency-Key", coupon + "-k").text()).isEqualTo(issued.text());
            assertThat(two.claim(coupon, "u2", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30").problem())
                    .as("the key of another user").isEqualTo("409 sold-out");
            assertThat(two.claim(coupon, "u2").problem()).isEqualTo("409 sold-out");

            // when
            two.define(coupon, 3);

            // then
            assertThat(two.claim(coupon, "u2", WAIT).get("sequence")).isEqualTo("2");
            await().untilAsserted(() -> assertThat(one.get("/v1/coupons/" + coupon).get("stock")).isEqualTo("3"));
            await("no reservation is left").until(() -> !REDIS.client().exists("fc:{" + coupon + "}:inflight"));
            assertThat(one.claim(coupon, "u3", WAIT).get("sequence")).isEqualTo("3");
        }
    }

    @Test
    void shouldAnswerWaitingClaimsWhenItStops() {
        // given
        TestIngress ingress = TestIngress.with(Map.of());
        ingress.define(coupon, 1);
        CompletableFuture<Reply> waiting;
        KafkaServer.authority().hold(coupon);
        try {
            waiting = ingress.claimAsync(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");
            await().until(() -> ingress.get("/v1/coupons/" + coupon + "/requests/" + coupon + "-k").status() == 200);

            // when
            ingress.service().close();
        } finally {
            KafkaServer.authority().resume(coupon);
        }

        // then
        assertThat(waiting.join().status()).isEqualTo(202);
        ingress.close();
    }

    @Test
    void shouldAnswerWaitingStatusRequestsWhenItStops() {
        // given
        TestIngress ingress = TestIngress.with(Map.of());
        CompletableFuture<Reply> waiting = ingress.getAsync("/v1/coupons/" + coupon + "/requests/unknown", WAIT);
        await().until(() -> ingress.metric("firstcome_requests_waiting") == 1);

        // when
        ingress.service().close();

        // then
        assertThat(waiting.join().problem()).isEqualTo("404 unknown-request");
        ingress.close();
    }

    @Test
    void shouldRestoreItsStateAfterARestart() {
        // given
        TestIngress before = TestIngress.with(Map.of());
        try (before) {
            before.define(coupon, 1);
            before.claim(coupon, "u1", "Idempotency-Key", coupon + "-k", "Prefer", "wait=30");
        }

        // when
        TestIngress after = TestIngress.with(Map.of());

        // then
        try (after) {
            assertThat(after.get("/v1/coupons/" + coupon).get("issued")).isEqualTo("1");
            assertThat(after.get("/v1/coupons/" + coupon + "/requests/" + coupon + "-k").get("status"))
                    .isEqualTo("ISSUED");
            assertThat(after.claim(coupon, "u2").problem()).isEqualTo("409 sold-out");
        }
    }

    @Test
    void shouldListenForOperatorsOnTheirOwnHost() {
        // when
        try (var separate = TestIngress.with(Map.of("FIRSTCOME_ADMIN_HOST", "localhost"))) {

            // then
            assertThat(separate.service().url()).startsWith("http://127.0.0.1:");
            assertThat(separate.service().adminUrl()).startsWith("http://localhost:");
            assertThat(separate.define(coupon, 1).status()).isEqualTo(201);
        }
    }

    @Test
    void shouldAnswerOutcomeUnknownWhenTheBrokerIsLost() {
        // given
        Campaign soldOut = Campaign.openForLong();
        var directory = KafkaServer.directory("lost");
        var kafka = EmbeddedKafka.start(directory, 0);
        var settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, Topics.all());
        try (var log = new LogWriter(settings)) {
            log.write(campaign.state(1, 1_000_000, 0));
            log.write(soldOut.issued("winning", "winner", 1));
            log.write(soldOut.state(1, 1, 1));
        }
        TestIngress ingress = TestIngress.on(REDIS, settings, Map.of("FIRSTCOME_ACK_TIMEOUT_MS", "1000"));
        try (ingress) {

            // when
            await().until(() -> ingress.claim(coupon, "u0").status() == 202);
            assertThat(ingress.claim(soldOut.id(), "u0").problem()).isEqualTo("409 sold-out");
            Queue<CompletableFuture<Reply>> sent = new ConcurrentLinkedQueue<>();
            CompletableFuture<Void> lost = CompletableFuture.runAsync(kafka::close, Thread.ofPlatform()::start);

            // then
            await().pollInterval(Duration.ofMillis(2)).until(() -> {
                sent.add(ingress.claimAsync(coupon, "u" + sent.stream().filter(CompletableFuture::isDone).count()));
                return sent.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join)
                        .anyMatch(IngressServiceTest::isUnknown);
            });
            lost.join();
            List<Reply> replies = sent.stream().map(CompletableFuture::join).toList();
            await("a restock may have happened since").atMost(Duration.ofSeconds(60))
                    .until(() -> ingress.claim(soldOut.id(), "u0").problem().equals("503 unavailable"));
            await("all partitions are silent").atMost(Duration.ofSeconds(60))
                    .until(() -> ingress.get("/readyz").status() == 503);
            await().untilAsserted(() -> assertThat(ingress.admin("GET", "/v1/status", "").json()
                    .at("/components/2").toString()).contains("\"log\"", "DOWN", "has not described the topics"));
            await("the outcomes are read by another thread than the coupons").until(() -> {
                try (EventStream events = ingress.follow(coupon + "/events")) {
                    return events.status() == 503;
                }
            });
            assertThat(List.of("", "/" + coupon, "/" + coupon + "/events")).allSatisfy(
                    path -> assertThat(ingress.get("/v1/coupons" + path).problem()).isEqualTo("503 unavailable"));
            await().until(() -> ingress.claim(coupon, "u1").problem().equals("503 unavailable"));
            assertThat(replies).extracting(Reply::problem).isSubsetOf("202 ", "503 outcome-unknown", "503 unavailable",
                    "503 stock-reserved");
            assertThat(replies).filteredOn(IngressServiceTest::isUnknown).isNotEmpty()
                    .allSatisfy(it -> assertThat(it.header("Retry-After")).isEqualTo("1"));
            List<String> pending = replies.stream().filter(IngressServiceTest::isUnknown)
                    .map(it -> it.get("requestId")).filter(it -> isPending(ingress, it)).toList();
            try (var again = EmbeddedKafka.start(directory, kafka.port())) {
                assertThat(requestsIn(again)).as("requests that were answered PENDING").containsAll(pending);
            }
        }
    }

    private static boolean isUnknown(Reply reply) {
        return reply.problem().equals("503 outcome-unknown");
    }

    /** Returns whether the ingress had read the request from the log before the broker was lost. */
    private boolean isPending(TestIngress ingress, String request) {
        Reply reply = ingress.get("/v1/coupons/" + coupon + "/requests/" + request);
        assertThat(reply.status() == 200 ? reply.get("status") : reply.problem()).isIn("PENDING", "503 unavailable");
        return reply.status() == 200;
    }

    private static List<String> requestsIn(EmbeddedKafka kafka) {
        return new LogReader(kafka.bootstrapServers()).read(Duration.ofSeconds(30)).commands().stream()
                .map(LoggedCommand.class::cast).map(it -> it.command().requestId().value()).toList();
    }
}
