package io.firstcome.bench.workload;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/** The maximum of accepted claims (202) while everything behind the acceptance runs and keeps pace. */
public record Accepted(int connections) implements Workload {

    static final Metric ACCEPTED = Metric.rate("accepted");
    private static final Metric SUSTAINED = Metric.rate("accepted and stored");
    private static final Metric BACKLOG = Metric.count("rows behind at the end");
    private static final Metric P50 = Metric.millis("p50");
    private static final Metric P99 = Metric.millis("p99");

    @Override
    public String id() {
        return "accepted";
    }

    @Override
    public String title() {
        return "Claims accepted (202) for one coupon, " + connections + " connections, closed loop";
    }

    @Override
    public Size size() {
        return Size.endless(connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon("acc", Round.UNLIMITED);
        LoadResult result = round.run(LoadJob.closedLoop(round.system().url(), ClaimPattern.of(coupon, "u"),
                connections, round.scale().duration()));
        long accepted = result.count(200) + result.count(201) + result.count(202);
        round.record(ACCEPTED, result.perSecond() * result.share(200, 201, 202));
        round.record(P50, result.latency().p50());
        round.record(P99, result.latency().p99());
        if (round.stores()) {
            round.record(BACKLOG, Math.max(0, accepted - round.system().storedRows(coupon)));
            double drain = round.awaitStored(coupon, accepted).orElse(Double.POSITIVE_INFINITY);
            round.record(SUSTAINED, accepted / (result.seconds() + drain));
        }
    }
}
