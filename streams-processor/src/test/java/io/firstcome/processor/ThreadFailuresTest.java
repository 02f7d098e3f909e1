package io.firstcome.processor;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.junit.jupiter.api.Test;

class ThreadFailuresTest {

    private static final int THREADS = 2;
    private static final int ALLOWED = ThreadFailures.MAX_PER_THREAD * THREADS;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final ThreadFailures failures = new ThreadFailures(THREADS, () -> now);

    @Test
    void shouldReplaceThreadsUntilTooManyDieInAShortTime() {
        for (int i = 0; i < ALLOWED; i++) {
            assertThat(fail()).isEqualTo(REPLACE_THREAD);
        }
        assertThat(fail()).isEqualTo(SHUTDOWN_CLIENT);
    }

    @Test
    void shouldReplaceForEverWhatDiesNowAndThen() {
        for (int i = 0; i < 10 * ALLOWED; i++) {
            now = now.plus(ThreadFailures.WINDOW.dividedBy(ALLOWED)).plus(Duration.ofSeconds(1));
            assertThat(fail()).isEqualTo(REPLACE_THREAD);
        }
    }

    private StreamThreadExceptionResponse fail() {
        return failures.handle(new StreamsException("the broker was away"));
    }
}
