package io.firstcome.ingress.limits;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * A token bucket as one number: the time at which it is full again. Each token taken makes this time later. A new
 * bucket is full.
 */
public final class TokenBucket {

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final Rate rate;
    private long fullAt;

    /**
     * How many tokens a bucket holds, and how fast they return. All buckets of one limit share it.
     *
     * @param nanoTime a clock such as {@link System#nanoTime}
     */
    public record Rate(int tokens, long nanosPerToken, LongSupplier nanoTime) {

        /** A bucket of {@code tokens} that is full again after {@code window}. */
        public static Rate of(int tokens, Duration window, LongSupplier nanoTime) {
            return new Rate(tokens, window.toNanos() / tokens, nanoTime);
        }
    }

    /**
     * The result of one try.
     *
     * @param remaining how many tokens are left
     * @param waitNanos how long until the next token, after a refusal; else 0
     */
    public record Take(boolean allowed, long remaining, long waitNanos) {

        /** Rounded up: a client that returns a moment too early would be rejected again. */
        long secondsToWait() {
            return Math.max(1, (waitNanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
        }
    }

    public TokenBucket(Rate rate) {
        this.rate = rate;
        this.fullAt = rate.nanoTime.getAsLong();
    }

    /** Takes a token, if there is one. Never blocks. */
    public synchronized Take take() {
        long now = rate.nanoTime.getAsLong();
        long missing = Math.max(0, fullAt - now) + rate.nanosPerToken;
        long wait = missing - rate.tokens * rate.nanosPerToken;
        if (wait > 0) {
            return new Take(false, 0, wait);
        }
        fullAt = now + missing;
        return new Take(true, -wait / rate.nanosPerToken, 0);
    }

    synchronized boolean isEmpty() {
        return fullAt - rate.nanoTime.getAsLong() > (rate.tokens - 1) * rate.nanosPerToken;
    }
}
