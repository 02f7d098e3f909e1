package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.metrics.Metrics;

class ConcurrencyLimitTest {

    private final Semaphore mayAnswer = new Semaphore(0);
    private final Metrics metrics = new Metrics("test");
    private final ConcurrencyLimit inFlight = ConcurrencyLimit.ofClaims(1, metrics.registry());
    private final TestServer server = TestServer.with(metrics, routes -> {
        routes.post("/claims", context -> inFlight.handle(context, it -> mayAnswer.acquire()));
        routes.post("/failing", context -> inFlight.handle(context, it -> {
            throw new IllegalStateException("thrown by the test");
        }));
        routes.post("/reading", context -> inFlight.handle(context, it -> it.result(it.body())));
    });

    @AfterEach
    void stop() {
        mayAnswer.release(100);
        server.close();
    }

    @Test
    void shouldAnswer503AboveTheLimit() {
        // given
        CompletableFuture<Reply> first = server.postAsync("/claims", "{}");
        await().until(() -> underWay() == 1);

        // when
        Reply second = server.post("/claims", "{}");

        // then
        assertThat(second.problem()).isEqualTo("503 overloaded");
        assertThat(second.header("Retry-After")).isEqualTo("1");
        assertThat(server.meters().get("firstcome.limits.rejected").tag("limit", "in-flight").counter().count())
                .isEqualTo(1);
        mayAnswer.release();
        assertThat(first.join().status()).isEqualTo(200);
        await().until(() -> underWay() == 0);
    }

    @Test
    void shouldNotReadTheBodyOfARefusedRequest() throws IOException {
        // given
        server.postAsync("/claims", "{}");
        await().until(() -> underWay() == 1);

        // when
        try (Socket socket = startOfRequest("/reading")) {
            // then
            assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 503");
        }
    }

    @Test
    void shouldReleaseThePermitAfterAFailure() {
        // when
        List<Integer> answers = IntStream.range(0, 3).mapToObj(_ -> server.post("/failing", "{}").status()).toList();

        // then
        assertThat(answers).containsOnly(500);
        assertThat(underWay()).isZero();
    }

    @Test
    void shouldReleaseThePermitWhenTheClientDisconnects() throws IOException {
        // given
        Socket socket = startOfRequest("/reading");
        await().until(() -> underWay() == 1);

        // when
        socket.close();

        // then
        await().until(() -> underWay() == 0);
        assertThat(server.post("/reading", "{}").status()).isEqualTo(200);
    }

    /** Sends a request up to the first byte of a body that never ends. */
    private Socket startOfRequest(String path) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n{")
                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private double underWay() {
        return server.meters().get("firstcome.claims.in.flight").gauge().value();
    }
}
