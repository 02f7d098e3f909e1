package io.firstcome.gate.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Keeps a failed Redis from costing every claim its timeout. After {@value #FAILURES_IN_A_ROW} failed round trips in
 * a row the breaker opens: then one claim per pause may ask Redis, to find out whether Redis works again.
 */
final class CircuitBreaker {

    private static final int FAILURES_IN_A_ROW = 5;
    private static final State CLOSED = new State(0, 0);

    private final AtomicReference<State> state = new AtomicReference<>(CLOSED);
    private final long pauseNanos;
    private final LongSupplier elapsedNanos;

    /**
     * @param failures the failed round trips in a row; the count ends at {@link #FAILURES_IN_A_ROW}, which opens the
     *     breaker
     * @param nextProbe when the next caller may ask, while the breaker is open
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
    CircuitBreaker(Duration pause, LongSupplier elapsedNanos) {
        this.pauseNanos = pause.toNanos();
        this.elapsedNanos = elapsedNanos;
    }

    /** Whether to ask Redis. The result of each round trip must be reported, once for all claims that shared it. */
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
        return state.get() != CLOSED && state.getAndSet(CLOSED).isOpen();
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
