package io.firstcome.sink.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.loop.Backoff;

/** Whether work has to wait at the moment, why, and until when. Read by probes from other threads. */
final class RetryState {

    private static final Logger LOG = LoggerFactory.getLogger(RetryState.class);

    private final InstantSource clock;
    private final Backoff backoff;
    private int failures;
    private Instant nextAttempt = Instant.MIN;
    private volatile String problem = "not started yet";

    RetryState(InstantSource clock, Backoff backoff) {
        this.clock = clock;
        this.backoff = backoff;
    }

    /** Another attempt failed. */
    void failed(String why) {
        failures++;
        problem = why;
        Duration wait = backoff.after(failures);
        nextAttempt = clock.instant().plus(wait);
        LOG.warn("cannot store at the moment, attempt {}, next in {} ms; nothing is skipped: {}", failures,
                wait.toMillis(), why);
    }

    /** MySQL answered. That it also stores remains to be seen, so the next failure still waits longer. */
    void answered() {
        problem = null;
    }

    /** A batch was stored. */
    void over() {
        if (failures > 0) {
            LOG.info("storing again; attempts that failed: {}", failures);
        }
        failures = 0;
        problem = null;
    }

    boolean mayTry() {
        return !clock.instant().isBefore(nextAttempt);
    }

    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
