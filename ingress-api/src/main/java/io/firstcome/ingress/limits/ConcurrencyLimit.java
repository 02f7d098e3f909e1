package io.firstcome.ingress.limits;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

import io.firstcome.ingress.limits.ClaimProtection.Permit;
import io.firstcome.ingress.limits.ClaimProtection.PermittedWork;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.metrics.MeterSpec.GaugeSpec;
import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Limits how many requests of one kind are in progress at the same time. */
final class ConcurrencyLimit {

    private final Semaphore permits;
    private final Counter rejections;
    private final Problem problem;

    private ConcurrencyLimit(String limit, GaugeSpec gauge, int max, Problem problem, MeterRegistry meters) {
        this.permits = new Semaphore(max);
        this.rejections = Meters.LIMITS_REJECTED.register(meters, limit);
        this.problem = problem;
        gauge.register(meters, () -> max - permits.availablePermits());
    }

    /**
     * Limits claims, from the arrival of the whole request until the log has the claim, the claim waits for stock, or
     * the claim is refused.
     */
    static ConcurrencyLimit ofClaims(int max, MeterRegistry meters) {
        return new ConcurrencyLimit("in-flight", Meters.CLAIMS_IN_FLIGHT, max,
                Problem.of(ProblemType.OVERLOADED), meters);
    }

    /** Limits the claims whose callers wait for the decision. */
    static ConcurrencyLimit ofDecisionWaits(int max, MeterRegistry meters) {
        return new ConcurrencyLimit("decisions-awaited", Meters.CLAIMS_WAITING, max,
                Problem.of(ProblemType.OVERLOADED), meters);
    }

    /** Limits requests that wait for the result of a claim. */
    static ConcurrencyLimit ofStatusWaits(int max, MeterRegistry meters) {
        return new ConcurrencyLimit("results-awaited", Meters.STATUS_REQUESTS_WAITING, max,
                Problem.of(ProblemType.OVERLOADED, "Too many requests wait for a result. Query without Prefer: wait, or"
                        + " try again."),
                meters);
    }

    /** Whether one more request would be handled now. */
    boolean hasPermit() {
        return permits.availablePermits() > 0;
    }

    /**
     * Does a request's work within the limit.
     *
     * @throws ProblemException 503, without doing the work, when the limit is reached
     */
    <T> T handle(PermittedWork<T> work) throws Exception {
        if (!permits.tryAcquire()) {
            rejections.increment();
            throw refusal();
        }
        var permit = new HeldPermit();
        try {
            return work.with(permit);
        } finally {
            permit.release();
        }
    }

    /**
     * Starts a wait within the limit. No thread waits.
     *
     * @param wait completes in any case
     * @return empty, without the start of a wait, when the limit is reached
     */
    <T> Optional<CompletionStage<T>> await(Supplier<CompletionStage<T>> wait) {
        if (!permits.tryAcquire()) {
            rejections.increment();
            return Optional.empty();
        }
        try {
            return Optional.of(wait.get().whenComplete((_, _) -> permits.release()));
        } catch (RuntimeException e) {
            permits.release();
            throw e;
        }
    }

    /** The answer to a request beyond the limit. */
    ProblemException refusal() {
        return new ProblemException(problem);
    }

    private final class HeldPermit implements Permit {

        private boolean released;

        @Override
        public void release() {
            if (!released) {
                released = true;
                permits.release();
            }
        }
    }
}
