package io.firstcome.processor;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;

import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces a stream thread that died, because most causes pass: a broker that was away too long. A cause that does not
 * pass, such as a changed partition count or an error of ours, would replace threads for ever and wipe and restore the
 * stores each time; after a few failures in a short time the client is shut down, and the liveness probe says why.
 */
final class ThreadFailures implements StreamsUncaughtExceptionHandler {

    static final int MOST_PER_THREAD = 3;
    static final Duration WINDOW = Duration.ofMinutes(5);

    private static final Logger LOG = LoggerFactory.getLogger(ThreadFailures.class);

    private final int most;
    private final InstantSource clock;
    private final Deque<Instant> recent = new ArrayDeque<>();

    ThreadFailures(int threads, InstantSource clock) {
        this.most = MOST_PER_THREAD * threads;
        this.clock = clock;
    }

    @Override
    public synchronized StreamThreadExceptionResponse handle(Throwable cause) {
        Instant now = clock.instant();
        recent.removeIf(failure -> failure.isBefore(now.minus(WINDOW)));
        recent.add(now);
        StreamThreadExceptionResponse response = recent.size() > most ? SHUTDOWN_CLIENT : REPLACE_THREAD;
        LOG.error("a stream thread died, the {}. within {}: {}", recent.size(), WINDOW, response, cause);
        return response;
    }
}
