package io.firstcome.ingress.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestServer;
import io.firstcome.kit.metrics.Metrics;
import io.github.bucket4j.TimeMeter;

class FailedAttemptsTest {

    private static final String KEY = "client";
    private static final int LIMIT = 5;
    private static final int GUESSES = 100;

    private final AtomicInteger verified = new AtomicInteger();
    private final Semaphore mayEnd = new Semaphore(0);
    private final Metrics metrics = new Metrics("test");
    private final RateLimit<String> failures = RateLimit.perMinute("failures", LIMIT, TimeMeter.SYSTEM_NANOTIME,
            metrics.registry());
    private final TestServer server = TestServer.with(metrics, routes -> {
        routes.post("/wrong", context -> context.status(failures.attempt(context, KEY, () -> {
            verified.incrementAndGet();
            mayEnd.acquireUninterruptibly();
            return Optional.empty();
        }).isEmpty() ? 401 : 200));
        routes.post("/right", context -> failures.attempt(context, KEY, () -> Optional.of("user")));
        routes.post("/failing", context -> failures.attempt(context, KEY, () -> {
            throw new IllegalStateException("the test fails this attempt");
        }));
    });

    @AfterEach
    void stop() {
        mayEnd.release(GUESSES);
        server.close();
    }

    @Test
    void shouldVerifyNoMoreAttemptsThanTheLimit() {
        // when
        List<CompletableFuture<Reply>> guesses = Stream.generate(() -> server.postAsync("/wrong", "")).limit(GUESSES)
                .toList();
        await().until(() -> verified.get() + guesses.stream().filter(CompletableFuture::isDone).count() == GUESSES);
        mayEnd.release(GUESSES);

        // then
        List<Integer> answers = guesses.stream().map(guess -> guess.join().status()).toList();
        assertThat(answers).containsOnly(401, 429);
        assertThat(answers.stream().filter(status -> status == 401)).hasSize(verified.get())
                .hasSizeLessThanOrEqualTo(LIMIT);
    }

    @Test
    void shouldCountOnlyFailedAttempts() {
        for (int i = 0; i < 2 * LIMIT; i++) {
            assertThat(server.post("/right", "").status()).isEqualTo(200);
            assertThat(server.post("/failing", "").status()).isEqualTo(500);
        }
    }
}
