package io.firstcome.bench.load;

import org.HdrHistogram.Histogram;

/**
 * The distribution of latencies, in milliseconds.
 *
 * @param count the number of answers
 */
public record Latency(long count, double p50, double p95, double p99, double max) {

    private static final double MICROS_PER_MILLI = 1_000;

    /** Summarizes a histogram of microseconds. */
    static Latency of(Histogram micros) {
        return new Latency(micros.getTotalCount(), percentile(micros, 50), percentile(micros, 95),
                percentile(micros, 99), micros.getMaxValue() / MICROS_PER_MILLI);
    }

    private static double percentile(Histogram micros, double percentile) {
        return micros.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
    }
}
