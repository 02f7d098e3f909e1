package io.firstcome.bench.workload;

import java.util.List;
import java.util.Locale;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/**
 * Many users press at the same time and repeat their claim until it is answered. Latency counts from the press, also
 * while a user waits for a free connection.
 *
 * @param newConnections whether the connections are opened at the press instead of before it
 */
public record Sale(String id, String situation, long users, long stock, int connections, boolean newConnections)
        implements
            Workload {

    public static final Metric ANSWERED = Metric.seconds("all answered");
    public static final Metric STORED = Metric.seconds("all stored");
    public static final Metric RATE = Metric.rate("answers");
    private static final Metric P50 = Metric.millis("p50");
    private static final Metric P99 = Metric.millis("p99");
    private static final Metric RETRIES = Metric.count("repeated (503)");
    /** The problems that a full system answers; other reasons are only in the sum. */
    private static final List<String> PROBLEMS = List.of("stock-reserved", "overloaded");
    private static final Metric SURPLUS = Metric.count("rows above the stock");

    @Override
    public String title() {
        return String.format(Locale.ROOT, "%s: %,d users press at once for %,d coupons over %,d %sconnections",
                situation, users, stock, connections, newConnections ? "new " : "");
    }

    @Override
    public Size size() {
        return new Size(users, stock, connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id, stock);
        LoadJob job = LoadJob.atOnce(round.system().url(), ClaimPattern.of(coupon, "u").withKeys().waiting(),
                connections, users);
        LoadResult result = round.run(newConnections ? job.overNewConnections() : job);
        double drain = round.awaitStored(coupon, Math.min(users, stock)).orElse(Double.POSITIVE_INFINITY);
        double answered = result.latency().count() < users ? Double.POSITIVE_INFINITY : result.seconds();
        round.record(ANSWERED, answered);
        if (round.stores()) {
            round.record(STORED, answered + drain);
            round.record(SURPLUS, Math.max(0, round.system().storedRows(coupon) - stock));
        }
        round.record(RATE, result.latency().count() / result.seconds());
        round.record(P50, result.latency().p50());
        round.record(P99, result.latency().p99());
        round.record(RETRIES, result.retries());
        PROBLEMS.forEach(problem -> round.record(Metric.count(problem), result.retries(problem)));
    }
}
