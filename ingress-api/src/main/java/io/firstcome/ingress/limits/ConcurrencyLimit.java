package io.firstcome.ingress.limits;

import java.util.concurrent.Semaphore;

import io.firstcome.ingress.http.Problems;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Bounds how many requests of one kind are under way at the same time. */
final class ConcurrencyLimit {

    private final Semaphore places;
    private final Counter refused;
    private final Problem refusal;

    private ConcurrencyLimit(String limit, String gauge, int most, Problem refusal, MeterRegistry meters) {
        this.places = new Semaphore(most);
        this.refused = meters.counter("firstcome.limits.rejected", "limit", limit);
        this.refusal = refusal;
        Gauge.builder(gauge, places, it -> most - it.availablePermits()).register(meters);
    }

    /** Claims that are being read, judged, written or waited for. */
    static ConcurrencyLimit ofClaims(int most, MeterRegistry meters) {
        return new ConcurrencyLimit("in-flight", "firstcome.claims.in.flight", most, Problems.overloaded(), meters);
    }

    /** Those who wait for the result of a claim. */
    static ConcurrencyLimit ofWaiting(int most, MeterRegistry meters) {
        return new ConcurrencyLimit("results-awaited", "firstcome.status.requests.waiting", most,
                Problems.overloaded("As many wait for results as may. Ask without waiting, or again."), meters);
    }

    /**
     * Has a request answered.
     *
     * @throws ProblemException 503 at once when too many are under way
     */
    void answer(Context context, Handler handler) throws Exception {
        if (!places.tryAcquire()) {
            refused.increment();
            throw new ProblemException(refusal);
        }
        try {
            handler.handle(context);
        } finally {
            places.release();
        }
    }
}
