package io.firstcome.ingress.protection;

import java.util.concurrent.Semaphore;

import io.firstcome.ingress.http.Problems;
import io.firstcome.kit.http.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** Bounds the claims that are being read, judged, written or waited for, and those who wait for the result of one. */
final class InFlight {

    private final Semaphore places;
    private final Counter refused;

    InFlight(int most, MeterRegistry meters) {
        places = new Semaphore(most);
        refused = meters.counter("firstcome.limit.refused", "limit", "in-flight");
        Gauge.builder("firstcome.claims.in.flight", places, it -> most - it.availablePermits()).register(meters);
    }

    /**
     * Has a request answered.
     *
     * @throws ProblemException 503 at once when too many are under way
     */
    void answer(Context context, Handler handler) throws Exception {
        if (!places.tryAcquire()) {
            refused.increment();
            throw new ProblemException(Problems.overloaded());
        }
        try {
            handler.handle(context);
        } finally {
            places.release();
        }
    }
}
