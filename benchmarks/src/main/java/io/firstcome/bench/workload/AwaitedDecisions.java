package io.firstcome.bench.workload;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/**
 * The maximum of claims that wait for the decision ({@code Prefer: wait}).
 *
 * @param claimsPerUser consecutive claims of one user, of which all but the first are duplicates
 */
public record AwaitedDecisions(String id, int connections, int claimsPerUser) implements Workload {

    private static final Metric DECISIONS = Metric.rate("decisions");
    private static final Metric P50 = Metric.millis("p50");
    private static final Metric P99 = Metric.millis("p99");
    private static final Metric MAX = Metric.millis("max");

    @Override
    public String title() {
        if (connections == 1) {
            return "One caller on an idle system, who waits for each decision";
        }
        int percentage = 100 * (claimsPerUser - 1) / claimsPerUser;
        String duplicates = percentage == 0 ? "" : ", " + percentage + " % duplicates";
        return "Claims that wait for the decision" + duplicates + ", " + connections + " connections, closed loop";
    }

    @Override
    public Size size() {
        return Size.endless(connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id, Round.UNLIMITED);
        ClaimPattern claims = ClaimPattern.of(coupon, "u").waiting().perUser(claimsPerUser);
        LoadResult result = round.run(
                LoadJob.closedLoop(round.system().url(), claims, connections, round.scale().duration()));
        round.record(DECISIONS, round.decisionsPerSecond(result));
        round.record(P50, result.latency().p50());
        round.record(P99, result.latency().p99());
        round.record(MAX, result.latency().max());
        round.awaitStored(coupon, result.count(201));
    }
}
