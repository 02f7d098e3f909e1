package io.firstcome.bench.limit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Measures how fast a counter of finished work grows. */
final class Pace {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final long SAMPLE_MILLIS = 20;

    private Pace() {}

    /**
     * Waits until the counter grows and measures from then on, so that the start of the worker does not count.
     *
     * @param total where the counter ends
     * @return units per second, until the duration has passed or the total is reached
     */
    static double of(Callable<Long> counter, long total, Duration duration) throws Exception {
        long begin = System.nanoTime();
        long from = counter.call();
        while (from == 0) {
            if (System.nanoTime() - begin > START_TIMEOUT.toNanos()) {
                throw new IllegalStateException("nothing was done within " + START_TIMEOUT.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
            from = counter.call();
        }
        long start = System.nanoTime();
        long now = from;
        long elapsed = 0;
        while (elapsed < duration.toNanos() && now < total) {
            TimeUnit.MILLISECONDS.sleep(SAMPLE_MILLIS);
            now = counter.call();
            elapsed = System.nanoTime() - start;
        }
        if (now == from) {
            throw new IllegalStateException("all work was done before it could be measured: more records are needed");
        }
        return (now - from) * 1e9 / elapsed;
    }
}
