package io.firstcome.ingress.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Keeps a dead Redis from costing every request its timeout: after some failed round trips in a row nobody asks, but for
 * one caller per pause, who finds out whether it is back.
 */
final class RedisBreaker {

    private static final int FAILURES_IN_A_ROW = 5;
    private static final long CLOSED = 0;

    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong nextProbe = new AtomicLong(CLOSED);
    private final long pauseNanos;
    private final LongSupplier elapsedNanos;

    /** @param elapsedNanos a clock that never goes back and starts at zero or above */
    RedisBreaker(Duration pause, LongSupplier elapsedNanos) {
        this.pauseNanos = pause.toNanos();
        this.elapsedNanos = elapsedNanos;
    }

    /** Whether to ask Redis. How a round trip went is to be reported, once for all who shared it. */
    boolean allows() {
        long probe = nextProbe.get();
        if (probe == CLOSED) {
            return true;
        }
        long now = elapsedNanos.getAsLong();
        return now >= probe && nextProbe.compareAndSet(probe, now + pauseNanos);
    }

    /** @return whether this closed the breaker */
    boolean succeeded() {
        if (failures.get() == 0) {
            return false;
        }
        failures.set(0);
        return nextProbe.getAndSet(CLOSED) != CLOSED;
    }

    /** @return whether this opened the breaker */
    boolean failed() {
        if (failures.incrementAndGet() < FAILURES_IN_A_ROW) {
            return false;
        }
        return nextProbe.getAndSet(elapsedNanos.getAsLong() + pauseNanos) == CLOSED;
    }

    boolean isOpen() {
        return nextProbe.get() != CLOSED;
    }
}
