package io.firstcome.ingress.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.firstcome.ingress.http.Problems;
import io.firstcome.kit.http.ProblemException;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * One rate, kept by each key for itself. A key is forgotten once its bucket is full again, which changes nothing, or when
 * too many are remembered, which lets the forgotten one begin anew: memory is bounded, whoever invents keys.
 */
final class RateLimit<K> {

    static final int MOST_KEYS = 100_000;

    private static final double NANOS_PER_SECOND = 1e9;

    private final Rate rate;
    private final TimeMeter clock;
    private final Cache<K, Bucket> buckets;
    private final Counter refused;

    RateLimit(Rate rate, TimeMeter clock, MeterRegistry meters) {
        this.rate = rate;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder().maximumSize(MOST_KEYS).expireAfterAccess(rate.window())
                .ticker(clock::currentTimeNanos).build();
        this.refused = meters.counter("firstcome.limits.rejected", "limit", rate.name());
        Gauge.builder("firstcome.limits.keys", buckets, Cache::estimatedSize).tag("limit", rate.name())
                .register(meters);
    }

    /**
     * Counts a request, and tells the client where it stands.
     *
     * @throws ProblemException 429 when it is one too many
     */
    void enforce(Context context, K key) {
        ConsumptionProbe probe = count(key);
        tell(context, probe);
        if (!probe.isConsumed()) {
            throw refusal(context, probe);
        }
    }

    /**
     * Counts a request, and tells the client nothing while there are few.
     *
     * @throws ProblemException 429 when it is one too many
     */
    void take(Context context, K key) {
        ConsumptionProbe probe = count(key);
        if (!probe.isConsumed()) {
            tell(context, probe);
            throw refusal(context, probe);
        }
    }

    /** Has a request that was taken not count after all. */
    void giveBack(K key) {
        Bucket bucket = buckets.getIfPresent(key);
        if (bucket != null) {
            bucket.addTokens(1);
        }
    }

    ConsumptionProbe count(K key) {
        return buckets.get(key, fresh -> rate.bucket(clock)).tryConsumeAndReturnRemaining(1);
    }

    private void tell(Context context, ConsumptionProbe probe) {
        context.res().addHeader("RateLimit-Policy", rate.policy());
        context.res().addHeader("RateLimit", rate.standing(probe.getRemainingTokens(), secondsToWait(probe)));
    }

    private ProblemException refusal(Context context, ConsumptionProbe probe) {
        refused.increment();
        context.header("Retry-After", String.valueOf(secondsToWait(probe)));
        return new ProblemException(Problems.rateLimited(rate.name()));
    }

    /** Rounded up: who comes back a moment too early would be refused again. */
    private static long secondsToWait(ConsumptionProbe probe) {
        return Math.max(1, (long) Math.ceil(probe.getNanosToWaitForRefill() / NANOS_PER_SECOND));
    }
}
