package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testing.RedisServer;
import io.firstcome.testing.ScriptedAuthority;
import io.firstcome.testkit.log.LogReader;

/** A request that is sent again with the same key has one outcome and equal answers, also after failures. */
@ResourceLock(IngressExtension.SHARED_INGRESSES)
class IdempotencyTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();
    private static final RedisServer REDIS = RedisServer.shared();

    private final TestIngress one = INGRESSES.one();
    private final TestIngress two = INGRESSES.two();
    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();
    private final String key = coupon + "-k";
    private final String request = "/v1/coupons/" + coupon + "/requests/" + key;

    @Test
    void shouldRepeatARejectionWithTheSameKey() {
        // given
        one.define(coupon, 3);
        try (var log = new LogWriter()) {
            log.write(campaign.rejected(key, "u1", RejectionReason.SOLD_OUT));
        }
        await().until(() -> one.get(request).status() == 200 && two.get(request).status() == 200);

        // when
        Reply rejected = claim(one, "u1", key);

        // then
        assertThat(rejected.problem()).isEqualTo("409 sold-out");
        assertThat(claim(two, "u1", key).text()).isEqualTo(rejected.text());
        assertThat(claim(two, "u2", key).status()).as("the key of another user").isEqualTo(201);
        assertThat(claim(one, "u1", key + "-new").status()).as("a claim with a new key").isEqualTo(201);
        assertThat(claim(two, "u1", key).text()).as("the claim with the old key").isEqualTo(rejected.text());
    }

    @Test
    void shouldDecideANotStartedRequestAgainAfterOpensAt() {
        // given
        one.define(coupon, 3);
        try (var log = new LogWriter()) {
            log.write(new IssueRejected(new RequestId(key), campaign.couponId(), new UserId("u1"),
                    RejectionReason.NOT_STARTED, campaign.opensAt().minusMillis(1), null, campaign.opensAt()));
        }
        await().until(() -> two.get(request).status() == 200);

        // when
        Reply issued = claim(two, "u1", key);

        // then
        assertThat(issued.status()).isEqualTo(201);
        assertThat(claim(one, "u1", key).text()).isEqualTo(issued.text());
    }

    @Test
    void shouldDecideAnEarlyRequestAgainWhenTheOpeningMoves() {
        // given
        one.define(coupon, 3);
        try (var log = new LogWriter()) {
            log.write(new IssueRejected(new RequestId(key), campaign.couponId(), new UserId("u1"),
                    RejectionReason.NOT_STARTED, campaign.opensAt().minusMillis(1), null,
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(3600)));
        }
        await().until(() -> two.get(request).status() == 200);

        // when
        Reply issued = claim(two, "u1", key);

        // then
        assertThat(issued.status()).isEqualTo(201);
        assertThat(claim(one, "u1", key).text()).isEqualTo(issued.text());
    }

    @Test
    void shouldNotAnswerEndedForAnUndecidedRequest() {
        // given
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
        TestIngress smallTracker = TestIngress.with(
                Map.of("FIRSTCOME_REQUESTS_MAX", "1", "FIRSTCOME_RESERVATION_MS", "1500", "FIRSTCOME_ACK_TIMEOUT_MS",
                        "1000", "FIRSTCOME_CLOCK_SKEW_MS", "0"));
        try (smallTracker; var log = new LogWriter()) {
            smallTracker.define(coupon, 3);
            KafkaServer.authority().hold(coupon);
            try {
                smallTracker.claim(coupon, "u1", "Idempotency-Key", key);
                smallTracker.claim(coupon, "u2");
                await("forgotten while pending").until(
                        () -> smallTracker.get(request).problem().equals("503 unavailable"));

                // when
                log.write(Campaign.named(coupon).until(end).state(2, 3, 0));
                await().until(() -> smallTracker.claim(coupon, "u3").problem().equals("410 ended"));
                await().until(() -> !REDIS.client().exists("fc:{" + coupon + "}:requests"));
                assertThat(smallTracker.claim(coupon, "u1", "Idempotency-Key", key).status()).isEqualTo(202);
            } finally {
                KafkaServer.authority().resume(coupon);
            }

            // then
            assertThat(claim(smallTracker, "u1", key).status()).isEqualTo(201);
            assertThat(outcomes(KafkaServer.kafkaSettings(), key)).isNotEmpty()
                    .allSatisfy(it -> assertThat(it).isInstanceOf(CouponOutcome.CouponIssued.class));
        }
    }

    @Test
    void shouldAnswerEndedAfterTheLogDecidedEnded() {
        // given
        Instant end = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
        one.define(coupon, 3, campaign.opensAt(), end);
        REDIS.awaitFacts(coupon);

        // when
        Reply rejected = claim(one, "u1", key);

        // then
        assertThat(rejected.problem()).isEqualTo("410 ended");
        assertThat(one.get(request).get("reason")).as("the log decided").isEqualTo("ENDED");
        assertThat(claim(one, "u2", key + "-later").problem()).isEqualTo("410 ended");
        assertThat(one.get(request + "-later").problem()).as("no second command in the log")
                .isEqualTo("404 unknown-request");
    }

    @Test
    void shouldNotStoreARejectionOfTheGate() {
        // given
        one.define(coupon, 1);
        one.admin("POST", coupon + "/pause", "");
        awaitStatus("PAUSED");
        assertThat(claim(two, "u1", key).problem()).isEqualTo("409 paused");
        assertThat(two.get(request).problem()).as("not in the log").isEqualTo("404 unknown-request");

        // when
        one.admin("POST", coupon + "/resume", "");
        awaitStatus("ACTIVE");

        // then
        assertThat(claim(two, "u1", key).status()).isEqualTo(201);
    }

    @Test
    void shouldGiveTheSameAnswerAfterALostConnection() throws IOException {
        // given
        one.define(coupon, 3);
        await().until(() -> two.get("/v1/coupons/" + coupon).status() == 200);
        KafkaServer.authority().hold(coupon);
        try {
            // when
            try (Socket caller = waitingCaller(one, "u1")) {
                await().until(() -> two.get(request).get("status").equals("PENDING"));
                assertThat(caller.getInputStream().available()).as("not answered").isZero();
            }
        } finally {
            KafkaServer.authority().resume(coupon);
        }

        // then
        assertOneIssueAtBothIngresses();
    }

    @Test
    void shouldWriteARepeatedRequestOnceWithoutTheAuthority() {
        // given
        one.define(coupon, 3);
        await().until(() -> two.get("/v1/coupons/" + coupon).status() == 200);
        KafkaServer.authority().hold(coupon);
        try {
            // when
            Reply first = one.claim(coupon, "u1", "Idempotency-Key", key, "Prefer", "wait=1");
            assertThat(first.status()).isEqualTo(202);
            await().until(() -> two.get(request).status() == 200);
            assertThat(two.claim(coupon, "u1", "Idempotency-Key", key, "Prefer", "wait=1").text())
                    .isEqualTo(first.text());
            assertThat(one.claim(coupon, "u1", "Idempotency-Key", key).text()).isEqualTo(first.text());
        } finally {
            KafkaServer.authority().resume(coupon);
        }

        // then
        assertOneIssueAtBothIngresses();
    }

    private void assertOneIssueAtBothIngresses() {
        Reply issued = claim(two, "u1", key);
        assertThat(issued.status()).isEqualTo(201);
        assertThat(claim(one, "u1", key).text()).isEqualTo(issued.text());
        assertThat(outcomes(KafkaServer.kafkaSettings(), key)).hasSize(1);
    }

    @Test
    void shouldIssueOnceWhenTheFirstAttemptIsUnknown() {
        // given
        var directory = KafkaServer.directory("unknown");
        var kafka = EmbeddedKafka.start(directory, 0);
        var settings = new KafkaSettings(kafka.bootstrapServers(), 1);
        TopicProvisioner.ensure(settings, Topics.all());
        var authority = new ScriptedAuthority(settings);
        Map<String, String> shortTimeouts = Map.of("FIRSTCOME_ACK_TIMEOUT_MS", "1000", "FIRSTCOME_PROCESSOR_URL",
                authority.url());
        TestIngress first = TestIngress.on(REDIS, settings, shortTimeouts);
        TestIngress second = TestIngress.on(REDIS, settings, shortTimeouts);
        try (authority; first; second) {
            await().until(() -> List.of(200, 201).contains(first.define(coupon, 1_000_000).status()));

            // when
            List<String> unknown = unknownRequestsDuringShutdown(kafka, first);
            var again = EmbeddedKafka.start(directory, kafka.port());
            // The authority is closed before the broker that it reads from.
            try (again; authority) {

                // then
                for (String name : unknown) {
                    await().until(() -> claim(second, name, name).status() == 201);
                    await().until(() -> claim(first, name, name).status() == 201);
                    assertThat(claim(first, name, name).text()).isEqualTo(claim(second, name, name).text());
                    assertThat(outcomes(settings, name)).isNotEmpty()
                            .allSatisfy(it -> assertThat(it).isInstanceOf(CouponOutcome.CouponIssued.class))
                            .containsOnly(outcomes(settings, name).getFirst());
                }
            }
        }
    }

    /** Sends claims until an answer is outcome-unknown. The user id of each claim is also its key. */
    private List<String> unknownRequestsDuringShutdown(EmbeddedKafka kafka, TestIngress ingress) {
        Map<String, CompletableFuture<Reply>> sent = new ConcurrentHashMap<>();
        CompletableFuture<Void> lost = CompletableFuture.runAsync(kafka::close, Thread.ofPlatform()::start);
        await().pollInterval(Duration.ofMillis(2)).until(() -> {
            String name = coupon + "-" + System.nanoTime();
            sent.put(name, ingress.claimAsync(coupon, name, "Idempotency-Key", name));
            return sent.values().stream().anyMatch(it -> it.isDone() && isUnknown(it));
        });
        lost.join();
        sent.values().forEach(CompletableFuture::join);
        return sent.keySet().stream().filter(name -> isUnknown(sent.get(name))).limit(3).toList();
    }

    private static boolean isUnknown(CompletableFuture<Reply> answered) {
        return answered.join().problem().equals("503 outcome-unknown");
    }

    private Socket waitingCaller(TestIngress ingress, String user) throws IOException {
        URI url = URI.create(ingress.service().url());
        String body = "{\"userId\":\"" + user + "\"}";
        var socket = new Socket(url.getHost(), url.getPort());
        socket.getOutputStream().write("""
                POST /v1/coupons/%s/issues HTTP/1.1\r
                Host: here\r
                Idempotency-Key: %s\r
                Prefer: wait=30\r
                Content-Length: %d\r
                \r
                %s""".formatted(coupon, key, body.length(), body).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private void awaitStatus(String status) {
        await().until(() -> two.get("/v1/coupons/" + coupon).get("status").equals(status)
                && status.equals(REDIS.client().hget("fc:{" + coupon + "}:facts", "status")));
    }

    private Reply claim(TestIngress ingress, String user, String name) {
        return ingress.claim(coupon, user, "Idempotency-Key", name, "Prefer", "wait=30");
    }

    private List<CouponOutcome> outcomes(KafkaSettings kafka, String request) {
        return new LogReader(kafka.bootstrap()).read(new CouponId(coupon), Duration.ofSeconds(30)).decisions().stream()
                .filter(it -> it.requestId().value().equals(request)).toList();
    }
}
