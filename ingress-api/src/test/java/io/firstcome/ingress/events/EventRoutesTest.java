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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import com.nimbusds.jose.jwk.ECKey;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.RejectionReason;
import io.firstcome.ingress.testing.EventStream;
import io.firstcome.ingress.testing.EventStream.Received;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.ingress.testing.TokenIssuer;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.LogWriter;
import io.firstcome.testkit.http.RawAnswer;
import io.firstcome.testkit.http.RawConnection;

class EventRoutesTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    /** More events than a connection holds. */
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
    void shouldTellTheSameInTheSameOrderAtEveryIngress() {
        try (var here = one.follow(events); var there = two.follow(events)) {
            // given
            await().until(() -> here.hasCounted(0) && there.hasCounted(0));

            // when
            log.write(campaign.issued("r1", "u1", 1)).write(campaign.rejected("r2", "u1", RejectionReason.PAUSED))
                    .write(campaign.issued("r3", "u2", 2));

            // then
            await().until(() -> here.hasCounted(2) && there.hasCounted(2));
            await().until(() -> here.outcomes().size() == 3 && there.outcomes().size() == 3);
            assertThat(here.header("Content-Type")).isEqualTo("text/event-stream");
            assertThat(here.all().getFirst().name()).isEqualTo("state");
            assertThat(here.outcomes()).extracting(Received::name).containsExactly("issued", "rejected", "issued");
            assertThat(here.outcomes()).extracting(Received::data).startsWith(
                    """
                            {"requestId":"r1","couponId":"%s","userId":"u1","sequence":1,"issuedAt":"2026-01-01T00:00:00Z"}"""
                            .formatted(coupon),
                    """
                            {"requestId":"r2","couponId":"%s","userId":"u1","reason":"PAUSED"}""".formatted(coupon));
            assertThat(here.outcomes()).isEqualTo(there.outcomes());
            assertThat(here.all()).extracting(it -> Long.valueOf(it.id())).isSorted();
        }
    }

    @Test
    void shouldShowTheStateThatWasReachedInTheEnd() {
        try (var stream = one.follow(events)) {
            // when
            log.write(issues(1, 200));

            // then
            await().until(() -> stream.outcomes().size() == 200 && stream.hasCounted(200));
            assertThat(stream.all()).filteredOn(it -> it.name().equals("state")).as("held together")
                    .hasSizeLessThan(100);
        }
    }

    @Test
    void shouldGoOnAtAnotherIngressWithExactlyWhatWasMissed() {
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
    void shouldTellEverythingToWhoeverReadBeforeTheFirstDecision() {
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
    void shouldSpreadTheReturnOfThoseWhoLoseIt() {
        try (var stream = one.follow(events)) {
            // when
            await().until(() -> stream.hasCounted(0));

            // then
            assertThat(stream.retry()).isBetween(1000, 3000);
        }
    }

    @Test
    void shouldGoOnAfterARestart() {
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
    void shouldSayWhatItCannotTellAnyMore() {
        // given
        TestIngress forgetful = TestIngress.with(Map.of("FIRSTCOME_EVENTS_RETAINED_MAX", "2"));
        List<Received> all = new ArrayList<>();
        try (var stream = one.follow(events)) {
            log.write(issues(1, 5));
            await().until(() -> stream.outcomes().size() == 5);
            all.addAll(stream.outcomes());
        }

        // when
        try (forgetful) {
            // then: once it has read them all itself
            await().untilAsserted(() -> {
                try (var after = forgetful.follow(events, "Last-Event-ID", all.getFirst().id())) {
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
    void shouldShowTheStateToWhoeverIsAheadAndTellNothingTwice() {
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
    void shouldNotCountWhoAsksForTheHeadersOnly() throws IOException {
        // given
        TestIngress narrow = TestIngress.with(Map.of("FIRSTCOME_EVENT_SUBSCRIBERS_MAX", "0"));
        try (narrow; var client = RawConnection.to(narrow.service().url())) {
            await().until(() -> narrow.get("/v1/coupons/" + coupon).status() == 200);

            // when
            client.send("HEAD /v1/coupons/%s HTTP/1.1\r\nHost: here\r\n\r\n".formatted(events));
            client.send("GET /livez HTTP/1.1\r\nHost: here\r\n\r\n");

            // then
            RawAnswer head = client.receiveHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Type")).contains("text/event-stream");
            assertThat(client.receive().status()).as("the connection serves on").isEqualTo(200);
            assertThat(narrow.get("/v1/coupons/" + events).problem()).as("there is no place for a follower")
                    .isEqualTo("503 overloaded");
        }
    }

    @Test
    void shouldTellOnlyOfOneUserWhenAskedTo() {
        try (var stream = one.follow(events + "?userId=u2")) {
            // when
            log.write(issues(1, 3)).write(campaign.issued("r4", "u2", 4));

            // then
            await().until(() -> sequences(stream).contains(4));
            assertThat(sequences(stream)).containsExactly(2, 4);
        }
    }

    @Test
    void shouldTellUsersWithATokenOnlyOfThemselves() {
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
            }
            assertThat(users.get("/v1/coupons/" + events + "?userId=u1", "Authorization", token).problem())
                    .isEqualTo("403 forbidden");
            assertThat(users.get("/v1/coupons/" + events).problem()).isEqualTo("401 unauthenticated");
        }
    }

    @Test
    void shouldAnswerWithAProblemWhatIsNoStream() {
        assertThat(one.get("/v1/coupons/nobody-defined-this/events").problem()).isEqualTo("404 unknown-coupon");
        assertThat(one.get("/v1/coupons/" + events, "Last-Event-ID", "yesterday").get("field"))
                .isEqualTo("Last-Event-ID");
        assertThat(one.get("/v1/coupons/" + events + "?userId=a.b").get("field")).isEqualTo("userId");
    }

    @Test
    void shouldTakeNoMoreFollowersThanItMayAndNoticeWhenOneIsGone() {
        // given
        TestIngress narrow = TestIngress.with(Map.of("FIRSTCOME_EVENT_SUBSCRIBERS_MAX", "1"));
        try (narrow) {
            try (var stream = narrow.follow(events)) {
                await().until(() -> stream.hasCounted(0));

                // when
                Reply refused = narrow.get("/v1/coupons/" + events);

                // then
                assertThat(refused.problem()).isEqualTo("503 overloaded");
            }
            await().until(() -> {
                log.write(campaign.rejected("r1", "u1", RejectionReason.PAUSED));
                return narrow.metric("firstcome_events_subscribers") == 0;
            });
        }
    }

    @Test
    void shouldLeavePlacesToOthersThanOneCaller() {
        // given
        TestIngress fair = TestIngress.with(
                Map.of("FIRSTCOME_EVENT_SUBSCRIBERS_PER_CALLER_MAX", "1", "FIRSTCOME_TRUSTED_PROXIES", "127.0.0.0/8"));
        String[] greedy = {"X-Forwarded-For", "203.0.113.9"};
        String[] modest = {"X-Forwarded-For", "203.0.113.10"};
        try (fair; var first = fair.follow(events, greedy)) {
            await().until(() -> first.hasCounted(0));

            // when
            CompletableFuture<Reply> second = fair.getAsync("/v1/coupons/" + events, greedy);

            // then
            await("a stream would not end").until(second::isDone);
            assertThat(second.join().problem()).isEqualTo("503 overloaded");
            try (var other = fair.follow(events, modest)) {
                await().until(() -> other.hasCounted(0));
            }
        }
    }

    @Test
    void shouldEndAStreamWithTheTokenThatBeganIt() {
        var issuer = new TokenIssuer();
        ECKey key = issuer.publish(TokenIssuer.ecKey("key"));
        try (issuer; var users = TestIngress.with(issuer.environment())) {
            // given
            String lasting = TokenIssuer.token(key, "u1");
            try (var following = users.follow(events, "Authorization", "Bearer " + lasting)) {
                await().until(() -> following.hasCounted(0));

                // when: a token is accepted for 60 s after its end
                String soonOver = TokenIssuer.token(key, TokenIssuer.claims("u1").expirationTime(TokenIssuer.in(-56)));
                var ending = users.follow(events, "Authorization", "Bearer " + soonOver);
                await().until(() -> ending.hasCounted(0));

                // then
                await().until(ending::isEnded);
                assertThat(following.isEnded()).isFalse();
                assertThat(users.metric("firstcome_events_subscribers_dropped")).isZero();
            }
        }
    }

    @Test
    void shouldCutOffWhoeverDoesNotRead() throws IOException {
        // given
        TestIngress strict = TestIngress.cuttingOffSoon(Map.of());
        try (strict; Socket deaf = deafFollower(strict)) {
            await().until(() -> strict.metric("firstcome_events_subscribers") == 1);

            // when
            moreThanAConnectionHolds();

            // then
            await().until(() -> strict.metric("firstcome_events_subscribers") == 0);
            assertThat(eventsUntilTheConnectionEnds(deaf)).isLessThan(MANY);
        }
    }

    @Test
    void shouldEndEveryStreamWhenItStops() throws IOException {
        // given
        TestIngress stopping = TestIngress.with(Map.of("FIRSTCOME_EVENTS_RETAINED_MAX", "100000"));
        try (stopping; var stream = stopping.follow(events); Socket deaf = deafFollower(stopping)) {
            await().until(() -> stream.hasCounted(0));
            await().until(() -> stopping.metric("firstcome_events_subscribers") == 2);
            moreThanAConnectionHolds();
            await().until(() -> stream.outcomes().size() == MANY);

            // when
            CompletableFuture<Void> closed = CompletableFuture.runAsync(stopping.service()::close,
                    Thread.ofPlatform()::start);

            // then: the server's own patience with those who do not end is ten seconds
            await().atMost(Duration.ofSeconds(9)).until(closed::isDone);
            await().until(stream::isEnded);
            assertThat(eventsUntilTheConnectionEnds(deaf)).isLessThan(MANY);
        }
    }

    private void moreThanAConnectionHolds() {
        for (int i = 0; i < MANY / 1000; i++) {
            log.write(IntStream.range(0, 1000)
                    .mapToObj(j -> campaign.rejected("r-".repeat(30) + j, "u-".repeat(32), RejectionReason.PAUSED))
                    .toArray(CouponOutcome[]::new));
        }
    }

    private Socket deafFollower(TestIngress ingress) throws IOException {
        URI url = URI.create(ingress.service().url());
        var socket = new Socket();
        socket.setReceiveBufferSize(1024);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        socket.getOutputStream().write("GET /v1/coupons/%s HTTP/1.1\r\nHost: here\r\n\r\n".formatted(events)
                .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    /** How many events a follower finds who reads at last; fails if the server keeps the connection. */
    private static long eventsUntilTheConnectionEnds(Socket follower) throws IOException {
        follower.setSoTimeout(60_000);
        var received = new ByteArrayOutputStream();
        try {
            follower.getInputStream().transferTo(received);
        } catch (SocketException brokenOff) {
            // As good an end as any.
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
