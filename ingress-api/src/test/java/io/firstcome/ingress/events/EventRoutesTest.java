package io.firstcome.ingress.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;

import com.nimbusds.jose.jwk.ECKey;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.ingress.testing.EventStream;
import io.firstcome.ingress.testing.EventStream.Received;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;

@ResourceLock(IngressExtension.SHARED_INGRESSES)
class EventRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    /** The number of events that exceeds the buffers of a connection. */
    private static final int MANY = 20_000;

    private static LogWriter log;

    private final TestIngress one = INGRESSES.one();
    private final TestIngress two = INGRESSES.two();
    private final Campaign campaign = Campaign.openForLong();
    private final String coupon = campaign.id();
    private final String events = coupon + "/events";

    @BeforeAll
    static void start() {
        log = new LogWriter();
    }

    @AfterAll
    static void stop() {
        log.close();
    }

    @BeforeEach
    void define() {
        log.write(campaign.state(1, 1000, 0));
        await().until(() -> one.get("/v1/coupons/" + coupon).status() == 200
                && two.get("/v1/coupons/" + coupon).status() == 200);
    }

    @Test
    void shouldSendTheSameEventsAtEveryIngress() {
        try (var here = one.follow(events); var there = two.follow(events)) {
            // given
            await().until(() -> here.hasCounted(0) && there.hasCounted(0));

            // when
            log.write(campaign.issued("r1", "u1", 1)).write(campaign.rejected("r2", "u1", RejectionReason.PAUSED))
                    .write(campaign.issued("r3", "u2", 2)).write(new IssueRevoked(new RequestId("d1"),
                            campaign.couponId(), new UserId("u1"), 1, new RequestId("r1"), 1,
                            Instant.parse("2026-01-01T00:00:01Z")));

            // then
            await().until(() -> here.hasCounted(2) && there.hasCounted(2));
            await().until(() -> here.outcomes().size() == 4 && there.outcomes().size() == 4);
            assertThat(here.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(here.all().getFirst().name()).isEqualTo("state");
            assertThat(here.outcomes()).extracting(Received::name).containsExactly("issued", "rejected", "issued",
                    "revoked");
            assertThat(here.outcomes().getLast().data()).isEqualTo("""
                    {"requestId":"r1","couponId":"%s","userId":"u1","sequence":1,\
                    "revokedAt":"2026-01-01T00:00:01Z"}""".formatted(coupon));
            assertThat(here.outcomes()).extracting(Received::data).startsWith(
                    """
                            {"requestId":"r1","couponId":"%s","userId":"u1","sequence":1,\
                            "issuedAt":"2026-01-01T00:00:00Z"}"""
                            .formatted(coupon),
                    """
                            {"requestId":"r2","couponId":"%s","userId":"u1","reason":"PAUSED"}""".formatted(coupon));
            assertThat(here.outcomes()).isEqualTo(there.outcomes());
            assertThat(here.all()).extracting(it -> Long.valueOf(it.id())).isSorted();
        }
    }

    @Test
    void shouldMergeStatesAndSendTheLast() {
        try (var stream = one.follow(events)) {
            // when
            log.write(issues(1, 200));

            // then
            await().until(() -> stream.outcomes().size() == 200 && stream.hasCounted(200));
            assertThat(stream.all()).filteredOn(it -> it.name().equals("state")).as("merged states")
                    .hasSizeLessThan(100);
        }
    }

    @Test
    void shouldResumeAtAnotherIngress() {
        // given
        String lastRead;
        try (var before = one.follow(events)) {
            log.write(issues(1, 3));
            await().until(() -> before.outcomes().size() == 3);
            lastRead = before.outcomes().get(1).id();
        }

        // when
        log.write(issues(4, 5));
        try (var after = two.follow(events, "Last-Event-ID", lastRead)) {
            log.write(issues(6, 6));

            // then
            await().until(() -> after.hasCounted(6) && after.outcomes().size() == 4);
            assertThat(sequences(after)).containsExactly(3, 4, 5, 6);
            assertThat(after.all()).extracting(Received::name).doesNotContain("gap").startsWith("state");
        }
    }

    @Test
    void shouldResumeBeforeTheFirstOutcome() {
        // given
        log.write(issues(1, 2));

        // when
        try (var stream = one.follow(events, "Last-Event-ID", "-1")) {

            // then
            await().until(() -> stream.hasCounted(2));
            assertThat(sequences(stream)).containsExactly(1, 2);
        }
    }

    @Test
    void shouldRandomizeTheReconnectionTime() {
        try (var stream = one.follow(events)) {
            // when
            await().until(() -> stream.hasCounted(0));

            // then
            assertThat(stream.retry()).isBetween(1000, 3000);
        }
    }

    @Test
    void shouldResumeAfterARestart() {
        // given
        String lastRead;
        try (var before = one.follow(events)) {
            await().until(() -> before.hasCounted(0));
            lastRead = before.last().id();
        }
        log.write(issues(1, 2));

        // when
        TestIngress restarted = TestIngress.with(Map.of());
        try (restarted; var after = restarted.follow(events, "Last-Event-ID", lastRead)) {

            // then
            await().until(() -> after.hasCounted(2) && after.outcomes().size() == 2);
            assertThat(sequences(after)).containsExactly(1, 2);
            assertThat(after.all()).extracting(Received::name).doesNotContain("gap");
        }
    }

    @Test
    void shouldReportAGapOfDroppedEvents() {
        // given
        TestIngress smallBuffers = TestIngress.with(Map.of("FIRSTCOME_EVENTS_RETAINED_MAX", "2"));
        List<Received> all = new ArrayList<>();
        try (var stream = one.follow(events)) {
            log.write(issues(1, 5));
            await().until(() -> stream.outcomes().size() == 5);
            all.addAll(stream.outcomes());
        }

        // when
        try (smallBuffers) {
            // then: when the new ingress has read all events
            await().untilAsserted(() -> {
                try (var after = smallBuffers.follow(events, "Last-Event-ID", all.getFirst().id())) {
                    await().until(() -> after.outcomes().size() >= 2);
                    assertThat(after.all()).extracting(Received::name)
                            .containsExactly("gap", "state", "issued", "issued");
                    assertThat(after.all().getFirst().data())
                            .isEqualTo("{\"from\":%s,\"to\":%s}".formatted(all.get(0).id(), all.get(2).id()));
                    assertThat(after.outcomes()).isEqualTo(all.subList(3, 5));
                }
            });
        }
    }

    @Test
    void shouldSendOnlyTheStateForALaterLastEventId() {
        try (var stream = one.follow(events, "Last-Event-ID", "999999999")) {
            // when
            await().until(() -> stream.hasCounted(0));
            log.write(issues(1, 1));

            // then
            await().until(() -> stream.hasCounted(1));
            assertThat(stream.all()).extracting(Received::name).containsOnly("state");
            assertThat(stream.all()).extracting(Received::id).containsOnly("999999999");
        }
    }

    @Test
    void shouldNotCountHeadRequestsAsSubscribers() throws IOException {
        // given
        TestIngress limited = TestIngress.with(Map.of("FIRSTCOME_EVENT_SUBSCRIBERS_MAX", "0"));
        try (limited; var client = RawConnection.to(limited.service().url())) {
            await().until(() -> limited.get("/v1/coupons/" + coupon).status() == 200);

            // when
            client.send("HEAD /v1/coupons/%s HTTP/1.1\r\nHost: here\r\n\r\n".formatted(events));
            client.send("GET /livez HTTP/1.1\r\nHost: here\r\n\r\n");

            // then
            RawAnswer head = client.receiveHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).contains("text/event-stream");
            assertThat(client.receive().status()).as("the connection is still open").isEqualTo(200);
            assertThat(limited.get("/v1/coupons/" + events).problem()).as("no subscriber is allowed")
                    .isEqualTo("503 overloaded");
        }
    }

    @Test
    void shouldFilterEventsByUserId() {
        try (var stream = one.follow(events + "?userId=u2")) {
            // when
            log.write(issues(1, 3)).write(campaign.issued("r4", "u2", 4));

            // then
            await().until(() -> sequences(stream).contains(4));
            assertThat(sequences(stream)).containsExactly(2, 4);
        }
    }

    @Test
    void shouldSendUsersWithATokenOnlyTheirEventsInFiveStreams() {
        // given
        var issuer = new TokenIssuer();
        String token = "Bearer " + TokenIssuer.token(issuer.publish(TokenIssuer.ecKey("key")), "u2");
        try (issuer; var users = TestIngress.with(issuer.environment())) {
            try (var stream = users.follow(events, "Authorization", token)) {

                // when
                log.write(issues(1, 3)).write(campaign.issued("r4", "u2", 4));

                // then
                await().until(() -> sequences(stream).contains(4));
                assertThat(sequences(stream)).containsExactly(2, 4);
                List<EventStream> others = Stream.generate(() -> users.follow(events, "Authorization", token)).limit(4)
                        .toList();
                CompletableFuture<Reply> sixth = users.getAsync("/v1/coupons/" + events, "Authorization", token);
                await("the rejection; a stream would not end").until(sixth::isDone);
                assertThat(sixth.join().problem()).isEqualTo("503 overloaded");
                others.forEach(EventStream::close);
            }
            assertThat(users.get("/v1/coupons/" + events + "?userId=u1", "Authorization", token).problem())
                    .isEqualTo("403 forbidden");
            assertThat(users.get("/v1/coupons/" + events).problem()).isEqualTo("401 unauthenticated");
        }
    }

    @Test
    void shouldAnswerInvalidRequestsWithAProblem() {
        assertThat(one.get("/v1/coupons/undefined/events").problem()).isEqualTo("404 unknown-coupon");
        assertThat(one.get("/v1/coupons/" + events, "Last-Event-ID", "yesterday").get("field"))
                .isEqualTo("Last-Event-ID");
        assertThat(one.get("/v1/coupons/" + events + "?userId=a%20b").get("field")).isEqualTo("userId");
    }

    @Test
    void shouldLimitSubscribersAndFreeThePlaceOfALostOne() {
        // given
        TestIngress limited = TestIngress.with(Map.of("FIRSTCOME_EVENT_SUBSCRIBERS_MAX", "1"));
        try (limited) {
            try (var stream = limited.follow(events)) {
                await().until(() -> stream.hasCounted(0));

                // when
                Reply refused = limited.get("/v1/coupons/" + events);

                // then
                assertThat(refused.problem()).isEqualTo("503 overloaded");
            }
            await("without an event of the coupon")
                    .until(() -> limited.metric("firstcome_events_subscribers") == 0);
        }
    }

    @Test
    void shouldLimitSubscribersPerCaller() {
        // given
        TestIngress limited = TestIngress.with(
                Map.of("FIRSTCOME_EVENT_SUBSCRIBERS_PER_CALLER_MAX", "1", "FIRSTCOME_TRUSTED_PROXIES", "127.0.0.0/8"));
        String[] firstCaller = {"X-Forwarded-For", "203.0.113.9"};
        String[] otherCaller = {"X-Forwarded-For", "203.0.113.10"};
        try (limited; var first = limited.follow(events, firstCaller)) {
            await().until(() -> first.hasCounted(0));

            // when
            CompletableFuture<Reply> second = limited.getAsync("/v1/coupons/" + events, firstCaller);

            // then
            await("the rejection; a stream would not end").until(second::isDone);
            assertThat(second.join().problem()).isEqualTo("503 overloaded");
            try (var other = limited.follow(events, otherCaller)) {
                await().until(() -> other.hasCounted(0));
            }
        }
    }

    @Test
    void shouldEndAStreamWhenItsTokenExpires() {
        var issuer = new TokenIssuer();
        ECKey key = issuer.publish(TokenIssuer.ecKey("key"));
        try (issuer; var users = TestIngress.with(issuer.environment())) {
            // given
            String valid = TokenIssuer.token(key, "u1");
            try (var following = users.follow(events, "Authorization", "Bearer " + valid)) {
                await().until(() -> following.hasCounted(0));

                // when: a token is accepted for 60 s after its end
                String expiring = TokenIssuer.token(key, TokenIssuer.claims("u1").expirationTime(TokenIssuer.in(-56)));
                var ending = users.follow(events, "Authorization", "Bearer " + expiring);
                await().until(() -> ending.hasCounted(0));

                // then
                await().until(ending::isEnded);
                assertThat(following.isEnded()).isFalse();
                assertThat(users.metric("firstcome_events_subscribers_dropped")).isZero();
            }
        }
    }

    @Test
    void shouldDisconnectASubscriberThatDoesNotRead() throws IOException {
        // given
        TestIngress strict = TestIngress.withShortReadTimeout(Map.of());
        try (strict; Socket notReading = subscriberThatReadsNothing(strict)) {
            await().until(() -> strict.metric("firstcome_events_subscribers") == 1);

            // when
            writeMoreThanAConnectionHolds();

            // then
            await().until(() -> strict.metric("firstcome_events_subscribers") == 0);
            assertThat(eventsUntilTheConnectionEnds(notReading)).isLessThan(MANY);
        }
    }

    @Test
    void shouldEndEveryStreamWhenItStops() throws IOException {
        // given
        TestIngress stopping = TestIngress.withStopTimeout(Duration.ofMinutes(5), KafkaServer.kafkaSettings(),
                Map.of("FIRSTCOME_EVENTS_RETAINED_MAX", "100000"));
        try (stopping; var stream = stopping.follow(events); Socket notReading = subscriberThatReadsNothing(stopping)) {
            await().until(() -> stream.hasCounted(0));
            await().until(() -> stopping.metric("firstcome_events_subscribers") == 2);
            writeMoreThanAConnectionHolds();
            await().until(() -> stream.outcomes().size() == MANY);

            // when
            CompletableFuture<Void> closed = CompletableFuture.runAsync(stopping.service()::close,
                    Thread.ofPlatform()::start);

            // then
            await("the stop, earlier than its timeout").until(closed::isDone);
            await().until(stream::isEnded);
            assertThat(eventsUntilTheConnectionEnds(notReading)).isLessThan(MANY);
        }
    }

    private void writeMoreThanAConnectionHolds() {
        for (int i = 0; i < MANY / 1000; i++) {
            log.write(IntStream.range(0, 1000)
                    .mapToObj(j -> campaign.rejected("r-".repeat(30) + j, "u-".repeat(32), RejectionReason.PAUSED))
                    .toArray(CouponOutcome[]::new));
        }
    }

    private Socket subscriberThatReadsNothing(TestIngress ingress) throws IOException {
        URI url = URI.create(ingress.service().url());
        var socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.getOutputStream().write("GET /v1/coupons/%s HTTP/1.1\r\nHost: here\r\n\r\n".formatted(events)
                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** Reads the connection to its end and counts the events; fails if the server keeps the connection open. */
    private static long eventsUntilTheConnectionEnds(Socket follower) throws IOException {
        follower.setSoTimeout(60_000);
        var received = new ByteArrayOutputStream();
        try {
            follower.getInputStream().transferTo(received);
        } catch (SocketException _) {
            // The server may also reset the connection.
        }
        return received.toString(StandardCharsets.UTF_8).lines().filter("event: rejected"::equals).count();
    }

    private CouponOutcome[] issues(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(i -> campaign.issued("r" + i, "u" + i, i))
                .toArray(CouponOutcome[]::new);
    }

    private static List<Integer> sequences(EventStream stream) {
        return stream.outcomes().stream().map(it -> it.json().path("sequence").asInt()).toList();
    }
}
