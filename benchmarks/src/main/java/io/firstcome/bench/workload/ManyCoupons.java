package io.firstcome.bench.workload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/**
 * Claims for many coupons at once, some of which are much more popular than others. Popular coupons sell out.
 *
 * @param stock the stock of each coupon
 */
public record ManyCoupons(int coupons, int stock, int connections) implements Workload {

    private static final int CREATED_AT_ONCE = 32;

    @Override
    public String id() {
        return "d";
    }

    @Override
    public String title() {
        return "(d) " + coupons + " coupons with Zipf popularity, stock " + stock + " each, " + connections
                + " connections, latency to the decision";
    }

    @Override
    public Size size() {
        return new Size(0, stock, connections);
    }

    @Override
    public void run(Round round) throws Exception {
        ClaimPattern claims = ClaimPattern.of("d-" + round.label(), "u").waiting().zipf(coupons);
        createAll(round, claims);
        LoadResult result = round.run(
                LoadJob.closedLoop(round.system().url(), claims, connections, round.scale().duration()));
        round.record(Metric.rate("decisions"), round.decisionsPerSecond(result));
        round.record(Metric.count("issued"), result.count(201));
        round.record(Metric.count("rejected"), result.count(409) + result.count(410));
        round.record(Metric.millis("p50"), result.latency().p50());
        round.record(Metric.millis("p99"), result.latency().p99());
    }

    private void createAll(Round round, ClaimPattern claims) throws Exception {
        List<Future<?>> created = new ArrayList<>();
        try (var executor = Executors.newFixedThreadPool(CREATED_AT_ONCE)) {
            for (int i = 0; i < coupons; i++) {
                String couponId = claims.couponId(i);
                created.add(executor.submit(() -> {
                    round.system().createCoupon(couponId, stock);
                    return null;
                }));
            }
        }
        for (Future<?> each : created) {
            each.get();
        }
    }
}
