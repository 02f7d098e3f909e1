package io.firstcome.bench.round;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds the number of measured rounds of each system; one more round before them is warm-up
 * @param duration the duration of one closed or open loop
 * @param warmUp the longest warm-up of a system
 * @param divisor the numbers of claims of the large workloads are divided by this
 */
public record Scale(int rounds, Duration duration, Duration warmUp, int divisor) {

    public static final Scale FULL = new Scale(5, Duration.ofSeconds(10), Duration.ofMinutes(3), 1);
    public static final Scale QUICK = new Scale(3, Duration.ofSeconds(3), Duration.ofSeconds(30), 10);
}
