package io.firstcome.kit.loop;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Work that fails and is tried again: how often it failed in a row, why, and when the next attempt is due. Each kind of
 * failure is logged once until the work succeeds, so that an outage of an hour does not fill the log. Every failure is
 * counted in {@link Meters#LOOP_FAILURES}.
 *
 * <p>One thread does the work. Any thread may call {@link #problem}.
 */
public final class RetryState {

    private static final Logger LOG = LoggerFactory.getLogger(RetryState.class);
    /** Limits the set: the kind of a failure without an exception is its text, which may contain varying numbers. */
    private static final int MAX_LOGGED_KINDS = 20;

    private final String name;
    private final Backoff backoff;
    private final LongSupplier nanoTime;
    private final Counter counter;
    private final Set<String> loggedKinds = new HashSet<>();
    private int failures;
    private long failedNanos;
    private Duration wait = Duration.ZERO;
    private volatile String problem;

    /** @param name what fails, in log lines and in the tag {@code loop} of the counter */
    public RetryState(String name, Backoff backoff, MeterRegistry meters) {
        this(name, backoff, meters, System::nanoTime);
    }

    /** As above, with a clock such as {@link System#nanoTime}, which never goes back. */
    public RetryState(String name, Backoff backoff, MeterRegistry meters, LongSupplier nanoTime) {
        this.name = name;
        this.backoff = backoff;
        this.nanoTime = nanoTime;
        this.counter = Meters.LOOP_FAILURES.register(meters, name);
    }

    /**
     * An attempt failed.
     *
     * @return how long to wait before the next one
     */
    public Duration failed(RuntimeException cause) {
        count(cause.toString());
        if (isFirstOf(cause.getClass().getName())) {
            LOG.warn("{} failed and is retried in {} ms", name, wait.toMillis(), cause);
        }
        return wait;
    }

    /**
     * An attempt failed for a reason that needs no stack trace.
     *
     * @return how long to wait before the next one
     */
    public Duration failed(String why) {
        count(why);
        if (isFirstOf(why)) {
            LOG.warn("{} failed and is retried in {} ms: {}", name, wait.toMillis(), why);
        }
        return wait;
    }

    private void count(String why) {
        failures++;
        counter.increment();
        problem = why;
        wait = backoff.after(failures);
        failedNanos = nanoTime.getAsLong();
    }

    private boolean isFirstOf(String kind) {
        return loggedKinds.size() < MAX_LOGGED_KINDS && loggedKinds.add(kind);
    }

    /** The cause of the failures seems to be gone: {@link #problem} ends, but the next failure still waits longer. */
    public void improved() {
        problem = null;
    }

    /** The work succeeded. */
    public void succeeded() {
        if (failures > 0) {
            LOG.info("{} succeeds again after {} failures", name, failures);
            failures = 0;
            loggedKinds.clear();
            wait = Duration.ZERO;
        }
        problem = null;
    }

    /** Whether the wait after the last failure is over. */
    public boolean isAttemptDue() {
        return wait.isZero() || nanoTime.getAsLong() - failedNanos >= wait.toNanos();
    }

    /** The last failure; empty unless the work fails at the moment. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }
}
