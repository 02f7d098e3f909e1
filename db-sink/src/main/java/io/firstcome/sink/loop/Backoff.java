package io.firstcome.sink.loop;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: twice as long each time up to a limit, and by chance up to half less, so that
 * several sinks do not knock on a recovering server's door at the same moment.
 */
record Backoff(Duration first, Duration longest, RandomGenerator random) {

    /** The wait after so many failures in a row, 1 or more. */
    Duration after(int failures) {
        long doubled = first.toMillis() << Math.min(failures - 1, 30);
        long limit = Math.min(doubled, longest.toMillis());
        return Duration.ofMillis(limit - random.nextLong(limit / 2 + 1));
    }
}
