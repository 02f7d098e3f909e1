package io.firstcome.kit.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt. The wait doubles with each failure in a row up to a limit. Up to half of it
 * is subtracted at random, so that several instances do not return to a recovering server at the same moment.
 *
 * @param first the longest wait after one failure
 * @param max the longest wait after any number of failures
 * @param random the source of the jitter
 */
public record Backoff(Duration first, Duration max, RandomGenerator random) {

    /** Retries at once. For loops whose next step does not repeat the work that failed. */
    public static final Backoff NONE = exponential(Duration.ZERO, Duration.ZERO);

    private static final int MAX_DOUBLINGS = 30;

    /**
     * Waits up to {@code first} after the first failure, twice as long after each further one, and at most {@code max}.
     */
    public static Backoff exponential(Duration first, Duration max) {
        return new Backoff(first, max, RandomGenerator.getDefault());
    }

    /** The wait after this many failures in a row, 1 or more. */
    public Duration after(int failures) {
        long doubled = first.toMillis() << Math.min(failures - 1, MAX_DOUBLINGS);
        long limit = Math.min(doubled, max.toMillis());
        return Duration.ofMillis(limit - random.nextLong(limit / 2 + 1));
    }
}
