package io.firstcome.bench.workload;

import io.firstcome.bench.load.ClaimPattern;
import io.firstcome.bench.load.LoadJob;
import io.firstcome.bench.load.LoadResult;
import io.firstcome.bench.report.Metric;
import io.firstcome.bench.report.Size;
import io.firstcome.bench.round.Round;
import io.firstcome.bench.round.Workload;

/** Claims after the sell-out. */
public record SoldOut(boolean keyed, int connections) implements Workload {

    private static final int STOCK = 100;
    private static final Metric REJECTED = Metric.rate("rejected");
    private static final Metric P50 = Metric.millis("p50");
    private static final Metric P99 = Metric.millis("p99");

    @Override
    public String id() {
        return keyed ? "e-keyed" : "e-keyless";
    }

    @Override
    public String title() {
        return "(e) Claims " + (keyed ? "with" : "without") + " an Idempotency-Key after the sell-out, " + connections
                + " connections, closed loop";
    }

    @Override
    public Size size() {
        return new Size(0, STOCK, connections);
    }

    @Override
    public void run(Round round) throws Exception {
        String coupon = round.createCoupon(id(), STOCK);
        round.generator().run(
                LoadJob.atOnce(round.system().url(), ClaimPattern.of(coupon, "w").waiting(), STOCK, 2 * STOCK));
        round.awaitStored(coupon, STOCK);
        ClaimPattern claims = ClaimPattern.of(coupon, "u");
        LoadResult result = round.run(LoadJob.closedLoop(round.system().url(), keyed ? claims.withKeys() : claims,
                connections, round.scale().duration()));
        round.record(REJECTED, result.perSecond() * (round.stores() ? result.share(409, 410) : 1));
        round.record(P50, result.latency().p50());
        round.record(P99, result.latency().p99());
    }
}
