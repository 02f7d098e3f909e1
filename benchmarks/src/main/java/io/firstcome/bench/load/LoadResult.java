package io.firstcome.bench.load;

import java.util.Map;
import java.util.stream.IntStream;

import org.HdrHistogram.Histogram;

/**
 * What the generator saw.
 *
 * @param latency the latency of all final answers. In an open loop it counts from the time at which the claim should
 *        have been sent, and after a retry from the first attempt.
 * @param byStatus the same for each HTTP status of a final answer
 * @param retriesByReason how many answers, by the name of their problem, and broken connections led to another attempt
 * @param errors claims without a final answer
 * @param firstError the reason of the first broken connection; empty when there was none
 * @param seconds from the start to the last answer
 * @param perSecond final answers per second, counted until the end of sending
 * @param cpuSeconds the processor time that the generator used
 */
public record LoadResult(Latency latency, Map<Integer, Latency> byStatus, Map<String, Long> retriesByReason,
        long errors, String firstError, double seconds, double perSecond, double cpuSeconds) {

    /** How many answers and broken connections led to another attempt. */
    public long retries() {
        return retriesByReason.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many answers with this problem led to another attempt. */
    public long retries(String problem) {
        return retriesByReason.getOrDefault(problem, 0L);
    }

    /** The number of final answers with this HTTP status. */
    public long count(int status) {
        return byStatus.containsKey(status) ? byStatus.get(status).count() : 0;
    }

    /** The share of the final answers that have one of these HTTP statuses; 0 when there is no answer. */
    public double share(int... statuses) {
        long count = IntStream.of(statuses).mapToLong(this::count).sum();
        return count == 0 ? 0 : (double) count / latency.count();
    }

    /** The number of final answers that are neither 2xx nor 4xx, plus the claims without an answer. */
    public long failures() {
        return errors + byStatus.entrySet().stream().filter(entry -> entry.getKey() >= 500)
                .mapToLong(entry -> entry.getValue().count()).sum();
    }

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
}
