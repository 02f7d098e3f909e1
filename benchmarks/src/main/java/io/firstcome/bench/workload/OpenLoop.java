package io.firstcome.bench.workload;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/**
 * Latency to the decision when claims arrive at random times at a fraction of the maximum, whether or not earlier
 * claims are answered. The maximum is measured first, in the same round.
 */
public record OpenLoop(int connections) implements Workload {

    /** The percentages of the maximum. */
    public static final int[] PERCENTAGES = {25, 50, 75, 90};

    private static final int CONNECTIONS_FOR_STALLS = 4;

    @Override
    public String id() {
        return "g";
    }

    @Override
    public String title() {
        return "(g) Open loop at fractions of the maximum at " + connections + " connections, latency to the decision";
    }

    /** The median latency at a percentage of the maximum. */
    public static Metric p50(int percentage) {
        return Metric.millis("p50 at " + percentage + " %");
    }

    /** The 99th percentile of the latency at a percentage of the maximum. */
    public static Metric p99(int percentage) {
        return Metric.millis("p99 at " + percentage + " %");
    }

    @Override
    public Size size() {
        return Size.endless(connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id(), Round.UNLIMITED);
        LoadResult maximum = round.generator().run(LoadJob.closedLoop(round.system().url(),
                ClaimPattern.of(coupon, "m").waiting(), connections, round.scale().duration()));
        double perSecond = round.decisionsPerSecond(maximum);
        round.record(Metric.rate("maximum"), perSecond);
        round.record(Metric.count("failed at the maximum"), maximum.failures());
        long issued = maximum.count(201);
        round.awaitStored(coupon, issued);
        for (int percentage : PERCENTAGES) {
            ClaimPattern claims = ClaimPattern.of(coupon, "p" + percentage).waiting();
            LoadResult result = round.generator().run(
                    LoadJob.openLoop(round.system().url(), claims, connections * CONNECTIONS_FOR_STALLS,
                            perSecond * percentage / 100, round.scale().duration()));
            round.record(p50(percentage), result.latency().p50());
            round.record(p99(percentage), result.latency().p99());
            round.record(Metric.count("failed at " + percentage + " %"), result.failures());
            issued += result.count(201);
            round.awaitStored(coupon, issued);
        }
    }
}
