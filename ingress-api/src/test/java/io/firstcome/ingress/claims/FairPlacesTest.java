package io.firstcome.ingress.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;

/** However many claims of one kind hang, a claim of another user on another coupon is answered meanwhile. */
class FairPlacesTest {

    private static final int PLACES = 200;
    private static final int WAITERS = 1000;
    private static final int CONNECTIONS = 2000;
    /** Much less than the 10 s for which a pipelined request waits for a place, and the 30 s of a wait for stock. */
    private static final Duration SOON = Duration.ofSeconds(6);

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension
            .startedBy(() -> TestIngress.withLongStockWait(
                    Map.of("FIRSTCOME_CLAIMS_IN_FLIGHT_MAX", String.valueOf(PLACES), "FIRSTCOME_DECISION_WAITERS_MAX",
                            String.valueOf(WAITERS))));
    private static final RedisServer REDIS = RedisServer.shared();

    private final TestIngress ingress = INGRESSES.one();
    private final String busy = Campaign.openForLong().id();
    private final String other = Campaign.openForLong().id();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger users = new AtomicInteger();

    @BeforeEach
    void define() {
        ingress.define(other, 1000);
    }

    @AfterEach
    void closeSockets() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    @Test
    void shouldAnswerOthersWhileBodiesTrickle() throws IOException {
        // given
        List<Duration> before = timesOfOthers();
        for (int i = 0; i < PLACES; i++) {
            sockets.add(clientThatSendsNoBody());
        }
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            var bytes = new AtomicInteger();
            clock.scheduleAtFixedRate(() -> sockets.forEach(socket -> sendByte(socket, bytes)), 0, 300,
                    TimeUnit.MILLISECONDS);
            await().until(() -> bytes.get() >= PLACES);

            // when
            List<Duration> during = timesOfOthers();

            // then
            assertNormal(during, before);
            await("each client sends on").until(() -> bytes.get() >= 3 * PLACES);
        } finally {
            clock.shutdownNow();
        }
    }

    @Test
    void shouldAnswerOthersWhileClaimsWaitForStock() {
        // given
        List<Duration> before = timesOfOthers();
        holdAllStock(busy);
        try {
            List<CompletableFuture<Reply>> claims = claimsOnReservedStock(PLACES * 3 / 2);

            // when
            List<Duration> during = timesOfOthers();

            // then
            assertNormal(during, before);
            assertThat(claims).filteredOn(CompletableFuture::isDone).hasSize(PLACES / 2)
                    .allSatisfy(it -> assertThat(it.join().problem()).isEqualTo("503 stock-reserved"));
        } finally {
            KafkaServer.authority().resume(busy);
        }
    }

    /** Users press at once for a coupon with little stock: the others wait for its decision, and none must repeat. */
    @Test
    void shouldLetAsManyClaimsOfOneCouponWaitForStockAsMayBeInFlight() {
        // given
        holdAllStock(busy);
        List<CompletableFuture<Reply>> claims;
        try {
            // when
            claims = claimsOnReservedStock(PLACES);

            // then
            assertThat(claims).noneMatch(CompletableFuture::isDone);
            assertThat(ingress.metric("firstcome_claims_in_flight")).as("places of claims that wait").isZero();
        } finally {
            KafkaServer.authority().resume(busy);
        }
        assertThat(claims).allSatisfy(it -> assertThat(it.join().problem()).isEqualTo("409 sold-out"));
        await().until(() -> ingress.metric("firstcome_claims_waiting_for_stock") == 0);
    }

    @Test
    void shouldAnswerOthersWhileClaimsWaitForDecisions() {
        // given
        List<Duration> before = timesOfOthers();
        ingress.define(busy, WAITERS);
        KafkaServer.authority().hold(busy);
        List<CompletableFuture<Reply>> waiting = new ArrayList<>();
        try {
            while (waiting.size() < WAITERS) {
                for (int i = 0; i < PLACES / 2; i++) {
                    waiting.add(ingress.claimAsync(busy, "u" + waiting.size(), "Prefer", "wait=30"));
                }
                await().until(() -> ingress.metric("firstcome_claims_waiting") == waiting.size());
            }

            // when
            List<Duration> during = timesOfOthers();
            Reply oneMore = ingress.claim(busy, "one-more", "Prefer", "wait=30");

            // then
            assertNormal(during, before);
            assertThat(oneMore.status()).as("the log has the claim").isEqualTo(202);
            assertThat(oneMore.header("Preference-Applied")).isEmpty();
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
        } finally {
            KafkaServer.authority().resume(busy);
        }
        assertThat(waiting).allSatisfy(it -> assertThat(it.join().status()).isEqualTo(201));
        await().until(() -> ingress.metric("firstcome_claims_waiting") == 0);
    }

    @Test
    void shouldForgetTheWaitOfADisconnectedClient() throws IOException {
        // given
        ingress.define(busy, 1);
        KafkaServer.authority().hold(busy);
        try {
            Socket client = connect(ingress);
            sendWaitingClaim(client, "u1");
            await().until(() -> ingress.metric("firstcome_claims_waiting") == 1);

            // when
            client.close();

            // then
            await().until(() -> ingress.metric("firstcome_claims_waiting") == 0
                    && ingress.metric("firstcome_requests_waiting") == 0);
        } finally {
            KafkaServer.authority().resume(busy);
        }
    }

    @Test
    void shouldForgetTheWaitForStockOfADisconnectedClient() throws IOException {
        // given
        holdAllStock(busy);
        try {
            Socket client = connect(ingress);
            sendWaitingClaim(client, "u1");
            await().until(() -> ingress.metric("firstcome_claims_waiting_for_stock") == 1);

            // when
            client.close();

            // then
            await().atMost(SOON).until(() -> ingress.metric("firstcome_claims_waiting_for_stock") == 0);
        } finally {
            KafkaServer.authority().resume(busy);
        }
    }

    @Test
    void shouldKeepNoPipeliningPlaceForAClaimThatWaitsForStock() throws IOException {
        // given
        int moreThanPlaces = 4 * Runtime.getRuntime().availableProcessors() + 2;
        holdAllStock(busy);
        try {
            // when
            for (int i = 0; i < moreThanPlaces; i++) {
                Socket client = connect(ingress);
                sockets.add(client);
                client.getOutputStream().write("GET /livez HTTP/1.1\r\nHost: here\r\n\r\n%s"
                        .formatted(waitingClaim("u" + i)).getBytes(StandardCharsets.US_ASCII));
            }

            // then
            await().atMost(SOON)
                    .until(() -> ingress.metric("firstcome_claims_waiting_for_stock") == moreThanPlaces);
            closeSockets();
            await().atMost(SOON).until(() -> ingress.metric("firstcome_claims_waiting_for_stock") == 0);
        } finally {
            KafkaServer.authority().resume(busy);
        }
    }

    @Test
    void shouldDecideTheClaimsOfTwoThousandWaitingConnections() throws IOException {
        try (var ingressWithDefaults = TestIngress.withDefaultTimeouts(REDIS, Map.of())) {
            // given
            ingressWithDefaults.define(busy, CONNECTIONS);
            REDIS.awaitFacts(busy);
            for (int i = 0; i < CONNECTIONS; i++) {
                sockets.add(connect(ingressWithDefaults));
            }

            // when
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < CONNECTIONS; i++) {
                sendWaitingClaim(sockets.get(i), "u" + i);
            }
            for (Socket socket : sockets) {
                answers.add(answerOf(socket));
            }

            // then: 202 only on a machine so slow that the decision takes longer than the wait
            assertThat(answers).hasSize(CONNECTIONS).isSubsetOf("HTTP/1.1 201", "HTTP/1.1 202");
        }
    }

    /** Reserves the only coupon of a stock and holds its decision. */
    private void holdAllStock(String coupon) {
        ingress.define(coupon, 1);
        REDIS.awaitFacts(coupon);
        REDIS.awaitFacts(other);
        KafkaServer.authority().hold(coupon);
        assertThat(ingress.claim(coupon, "first").status()).isEqualTo(202);
    }

    /** Sends claims, and returns when each of them waits or is answered. */
    private List<CompletableFuture<Reply>> claimsOnReservedStock(int count) {
        List<CompletableFuture<Reply>> claims = new ArrayList<>();
        while (claims.size() < count) {
            for (int i = 0; i < PLACES / 2; i++) {
                claims.add(ingress.claimAsync(busy, "u" + claims.size()));
            }
            await().until(() -> claims.stream().filter(CompletableFuture::isDone).count()
                    + ingress.metric("firstcome_claims_waiting_for_stock") == claims.size());
        }
        return claims;
    }

    /** The times of some claims on the other coupon, one after the other. */
    private List<Duration> timesOfOthers() {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            long begin = System.nanoTime();
            assertThat(ingress.claim(other, "other" + users.incrementAndGet()).status()).isEqualTo(202);
            times.add(Duration.ofNanos(System.nanoTime() - begin));
        }
        return times;
    }

    /** A claim in a queue behind the others would take seconds, which is hundreds of times as long. */
    private static void assertNormal(List<Duration> during, List<Duration> before) {
        Duration median = during.stream().sorted().toList().get(during.size() / 2);
        assertThat(median).isLessThan(Collections.max(before).multipliedBy(10));
    }

    private static void sendByte(Socket socket, AtomicInteger bytes) {
        try {
            socket.getOutputStream().write(' ');
            bytes.incrementAndGet();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void sendWaitingClaim(Socket socket, String user) throws IOException {
        socket.getOutputStream().write(waitingClaim(user).getBytes(StandardCharsets.US_ASCII));
    }

    private String waitingClaim(String user) {
        String body = "{\"userId\":\"" + user + "\"}";
        return """
                POST /v1/coupons/%s/issues HTTP/1.1\r
                Host: here\r
                Content-Length: %d\r
                Prefer: wait=30\r
                \r
                %s""".formatted(busy, body.length(), body);
    }

    /** The status line without the reason. Reads the answer to its end, which is the end of its JSON. */
    private static String answerOf(Socket socket) throws IOException {
        var answer = new StringBuilder();
        for (int next = socket.getInputStream().read(); next >= 0; next = socket.getInputStream().read()) {
            answer.append((char) next);
            if (next == '}') {
                break;
            }
        }
        return answer.substring(0, "HTTP/1.1 201".length());
    }

    private static Socket connect(TestIngress ingress) throws IOException {
        URI url = URI.create(ingress.service().url());
        return new Socket(url.getHost(), url.getPort());
    }

    /** Sends the head of a claim, and returns when the ingress reads the body. */
    private Socket clientThatSendsNoBody() throws IOException {
        Socket socket = connect(ingress);
        socket.getOutputStream().write("""
                POST /v1/coupons/%s/issues HTTP/1.1\r
                Host: here\r
                Content-Length: 4000\r
                Expect: 100-continue\r
                \r
                """.formatted(busy).getBytes(StandardCharsets.US_ASCII));
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                .isEqualTo("HTTP/1.1 100");
        return socket;
    }
}
