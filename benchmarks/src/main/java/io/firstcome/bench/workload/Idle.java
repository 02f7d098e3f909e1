package io.firstcome.bench.workload;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;

/** One caller on an idle system, who waits for each decision. */
public record Idle() implements Workload {

    @Override
    public String id() {
        return "idle";
    }

    @Override
    public String title() {
        return "One caller on an idle system, latency to the decision";
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id(), Round.UNLIMITED);
        LoadResult result = round.run(LoadJob.closedLoop(round.system().url(), ClaimPattern.of(coupon, "u").waiting(),
                1, round.scale().duration()));
        round.record(Metric.millis("p50"), result.latency().p50());
        round.record(Metric.millis("p99"), result.latency().p99());
        round.record(Metric.millis("max"), result.latency().max());
        round.record(Metric.count("claims"), result.latency().count());
        round.awaitStored(coupon, result.count(201));
    }
}
