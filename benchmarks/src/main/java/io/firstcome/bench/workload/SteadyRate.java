package io.firstcome.bench.workload;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/**
 * Latency to the decision when claims arrive at random times with a given mean rate, whether or not earlier claims are
 * answered. Every claim wins.
 */
public record SteadyRate(String id, int perSecond, int connections) implements Workload {

    @Override
    public String title() {
        return "(" + id + ") Three brokers, three replicas: " + perSecond + " claims a second that all win, open loop,"
                + " latency to the decision";
    }

    @Override
    public Size size() {
        return Size.endless(connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id, Round.UNLIMITED);
        LoadResult result = round.run(LoadJob.openLoop(round.system().url(), ClaimPattern.of(coupon, "u").waiting(),
                connections, perSecond, round.scale().duration()));
        round.record(Metric.millis("p50"), result.latency().p50());
        round.record(Metric.millis("p99"), result.latency().p99());
        round.record(Metric.millis("max"), result.latency().max());
        round.awaitStored(coupon, result.count(201));
    }
}
