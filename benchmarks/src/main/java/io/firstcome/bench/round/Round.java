package io.firstcome.bench.round;

import java.time.Duration;
import java.util.Optional;
import java.util.function.BiConsumer;

import io.firstcome.bench.load.LoadGenerator;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.system.CouponSystem;
import io.firstcome.bench.system.FirstComeSystem;

/**
 * One round of a workload against one system.
 *
 * @param system the system under load
 * @param stores whether the system stores coupons at all; bare Javalin does not
 * @param generator sends the load
 * @param scale how much is measured
 * @param label part of all coupon ids of this round, unique in the run
 * @param figures receives what is measured; a warm-up round gets a consumer that ignores everything
 */
public record Round(CouponSystem system, boolean stores, LoadGenerator generator, Scale scale, String label,
        BiConsumer<Metric, Double> figures) {

    /** More than any workload claims, so that no claim is rejected. */
    public static final long UNLIMITED = 50_000_000;

    private static final Metric CPU_PER_CLAIM = new Metric("CPU of system", "µs/claim", false);
    private static final Metric FAILURES = Metric.count("failed");
    private static final Duration STORE_TIMEOUT = Duration.ofSeconds(90);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    /** Records a figure of this round. */
    public void record(Metric metric, double value) {
        figures.accept(metric, value);
    }

    /** Creates a coupon of this round that is open at once, and returns its id. */
    public String createCoupon(String prefix, long stock) throws Exception {
        String couponId = prefix + "-" + label;
        system.createCoupon(couponId, stock);
        return couponId;
    }

    /**
     * Sends a load and records the claims without a proper answer and, where it is known, the processor time that the
     * system used per answer.
     */
    public LoadResult run(LoadJob job) throws Exception {
        Optional<Duration> before = cpuTime();
        LoadResult result = generator.run(job);
        record(FAILURES, result.failures());
        before.ifPresent(start -> record(CPU_PER_CLAIM,
                cpuTime().orElseThrow().minus(start).toNanos() / 1e3 / result.latency().count()));
        return result;
    }

    /** Decisions per second; answers of bare Javalin count as decisions. */
    public double decisionsPerSecond(LoadResult result) {
        return result.perSecond() * (stores ? result.share(200, 201, 409, 410) : 1);
    }

    private Optional<Duration> cpuTime() {
        return system instanceof FirstComeSystem firstCome
                ? ProcessHandle.of(firstCome.pid()).flatMap(process -> process.info().totalCpuDuration())
                : Optional.empty();
    }

    /**
     * Waits until the database holds {@code expected} rows of the coupon, so that no work is left for the next round.
     *
     * @return the seconds that passed; empty when rows are missing after 90 s
     */
    public Optional<Double> awaitStored(String couponId, long expected) throws Exception {
        if (!stores) {
            return Optional.of(0.0);
        }
        long begin = System.nanoTime();
        while (system.storedRows(couponId) < expected) {
            if (System.nanoTime() - begin > STORE_TIMEOUT.toNanos()) {
                return Optional.empty();
            }
            Thread.sleep(POLL_INTERVAL);
        }
        return Optional.of((System.nanoTime() - begin) / 1e9);
    }
}
