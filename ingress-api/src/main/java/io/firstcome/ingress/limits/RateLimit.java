package io.firstcome.ingress.limits;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * A token bucket per key, such as a user or an address. A bucket starts full and is evicted once it is full again, or
 * when there are too many keys; an evicted key starts with a full bucket. Memory is bounded even when clients invent
 * keys.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-11">RateLimit header fields
 *     for HTTP, draft 11 of May 2026</a>
 */
public final class RateLimit<K> {

    static final int MAX_KEYS = 100_000;

    private static final Duration BURST = Duration.ofSeconds(2);
    private static final double NANOS_PER_SECOND = 1e9;

    private final String name;
    private final int quota;
    private final Duration window;
    private final TimeMeter clock;
    private final Cache<K, Bucket> buckets;
    private final Counter rejections;

    private RateLimit(String name, int quota, Duration window, TimeMeter clock, MeterRegistry meters) {
        this.name = name;
        this.quota = quota;
        this.window = window;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterAccess(window)
                .ticker(clock::currentTimeNanos).build();
        this.rejections = meters.counter("firstcome.limits.rejected", "limit", name);
        Gauge.builder("firstcome.limits.keys", buckets, Cache::estimatedSize).tag("limit", name).register(meters);
    }

    /**
     * Allows {@code count} requests per second on average and twice as many at once.
     *
     * @param name of the limit, in the RateLimit header fields and in metrics
     */
    static <K> RateLimit<K> perSecond(String name, int count, TimeMeter clock, MeterRegistry meters) {
        return new RateLimit<>(name, Math.toIntExact(count * BURST.toSeconds()), BURST, clock, meters);
    }

    /**
     * Allows {@code count} requests per minute on average and as many at once.
     *
     * @param name of the limit, in the RateLimit header fields and in metrics
     */
    public static <K> RateLimit<K> perMinute(String name, int count, TimeMeter clock, MeterRegistry meters) {
        return new RateLimit<>(name, count, Duration.ofMinutes(1), clock, meters);
    }

    /**
     * Counts a request and adds the RateLimit header fields to the answer.
     *
     * @throws ProblemException 429 when the request exceeds the limit
     */
    void count(Context context, K key) {
        ConsumptionProbe probe = tryConsume(key);
        addHeaders(context, probe);
        if (!probe.isConsumed()) {
            throw rejection(context, probe);
        }
    }

    /**
     * Verifies a secret, such as a token, and counts only failures. The attempt counts from its start until it succeeds
     * or the verification throws: otherwise a client that guesses could have any number of secrets verified
     * concurrently.
     *
     * @param verification what the secret proves, empty when it is wrong
     * @return the result of the verification
     * @throws ProblemException 429, without a verification, when too many attempts have failed
     */
    public <T> Optional<T> attempt(Context context, K key, Supplier<Optional<T>> verification) {
        ConsumptionProbe probe = tryConsume(key);
        if (!probe.isConsumed()) {
            addHeaders(context, probe);
            throw rejection(context, probe);
        }
        boolean failed = false;
        try {
            Optional<T> verified = verification.get();
            failed = verified.isEmpty();
            return verified;
        } finally {
            Bucket bucket = buckets.getIfPresent(key);
            if (!failed && bucket != null) {
                bucket.addTokens(1);
            }
        }
    }

    ConsumptionProbe tryConsume(K key) {
        return buckets.get(key, _ -> Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(quota).refillGreedy(quota, window)).build())
                .tryConsumeAndReturnRemaining(1);
    }

    private void addHeaders(Context context, ConsumptionProbe probe) {
        context.res().addHeader("RateLimit-Policy", "\"%s\";q=%d;w=%d".formatted(name, quota, window.toSeconds()));
        context.res().addHeader("RateLimit",
                "\"%s\";r=%d;t=%d".formatted(name, probe.getRemainingTokens(), secondsToWait(probe)));
    }

    private ProblemException rejection(Context context, ConsumptionProbe probe) {
        rejections.increment();
        context.header("Retry-After", String.valueOf(secondsToWait(probe)));
        return new ProblemException(Problem.of(ProblemType.RATE_LIMITED).with("violated-policies", List.of(name)));
    }

    /** Rounded up: a client that returns a moment too early would be rejected again. */
    private static long secondsToWait(ConsumptionProbe probe) {
        return Math.max(1, (long) Math.ceil(probe.getNanosToWaitForRefill() / NANOS_PER_SECOND));
    }
}
