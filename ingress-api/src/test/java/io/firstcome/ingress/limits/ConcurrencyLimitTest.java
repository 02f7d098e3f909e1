package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
        routes.post("/claims", context -> inFlight.handle(_ -> {
            mayAnswer.acquire();
            return context;
        }));
        routes.post("/failing", _ -> inFlight.handle(_ -> {
            throw new IllegalStateException("thrown by the test");
        }));
    });

    @Test
    void shouldReleaseAPermitOnce() throws Exception {
        // when
        double insideAfterRelease = inFlight.handle(permit -> {
            permit.release();
            permit.release();
            return underWay();
        });

        // then
        assertThat(insideAfterRelease).isZero();
        assertThat(underWay()).isZero();
    }

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
    void shouldReleaseThePermitAfterAFailure() {
        // when
        List<Integer> answers = IntStream.range(0, 3).mapToObj(_ -> server.post("/failing", "{}").status()).toList();

        // then
        assertThat(answers).containsOnly(500);
        assertThat(underWay()).isZero();
    }

    private double underWay() {
        return server.meters().get("firstcome.claims.in.flight").gauge().value();
    }
}
