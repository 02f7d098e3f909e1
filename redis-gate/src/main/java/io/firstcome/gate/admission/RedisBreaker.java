package io.firstcome.gate.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps a dead Redis from costing every request its timeout: after some failed round trips in a row nobody asks, but for
 * one caller per pause, who finds out whether it is back.
 */
final class RedisBreaker {

    private static final int FAILURES_IN_A_ROW = 5;
    private static final State FINE = new State(0, 0);

    private final AtomicReference<State> state = new AtomicReference<>(FINE);
    private final long pauseNanos;
    private final LongSupplier elapsedNanos;

    /**
     * @param failures in a row, as far as they matter
     * @param nextProbe when somebody may ask again, if it is open
     */
    private record State(int failures, long nextProbe) {

        boolean isOpen() {
            return failures == FAILURES_IN_A_ROW;
        }

        State afterFailure(long nextProbe) {
            return new State(Math.min(failures + 1, FAILURES_IN_A_ROW), nextProbe);
        }
    }

    /** @param elapsedNanos a clock that never goes back */
    RedisBreaker(Duration pause, LongSupplier elapsedNanos) {
        this.pauseNanos = pause.toNanos();
        this.elapsedNanos = elapsedNanos;
    }

    /** Whether to ask Redis. How a round trip went is to be reported, once for all who shared it. */
    boolean allows() {
        State now = state.get();
        if (!now.isOpen()) {
            return true;
        }
        long nanos = elapsedNanos.getAsLong();
        return nanos >= now.nextProbe
                && state.compareAndSet(now, new State(now.failures, nanos + pauseNanos));
    }

    /** @return whether this closed the breaker */
    boolean succeeded() {
        return state.get() != FINE && state.getAndSet(FINE).isOpen();
    }

    /** @return whether this opened the breaker */
    boolean failed() {
        State before = state.getAndUpdate(it -> it.afterFailure(elapsedNanos.getAsLong() + pauseNanos));
        return before.failures == FAILURES_IN_A_ROW - 1;
    }

    boolean isOpen() {
        return state.get().isOpen();
    }
}
