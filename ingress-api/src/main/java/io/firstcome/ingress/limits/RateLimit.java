package io.firstcome.ingress.limits;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.firstcome.ingress.limits.TokenBucket.Rate;
import io.firstcome.ingress.limits.TokenBucket.Take;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.metrics.Meters;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
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

    private final String name;
    private final String policy;
    private final Rate rate;
    private final Cache<K, TokenBucket> buckets;
    private final Counter rejections;

    private RateLimit(String name, int quota, Duration window, LongSupplier nanoTime, MeterRegistry meters) {
        this.name = name;
        this.policy = "\"" + name + "\";q=" + quota + ";w=" + window.toSeconds();
        this.rate = Rate.of(quota, window, nanoTime);
        this.buckets = Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterAccess(window)
                .ticker(nanoTime::getAsLong).build();
        this.rejections = Meters.LIMITS_REJECTED.register(meters, name);
        Meters.LIMITS_KEYS.register(meters, buckets::estimatedSize, name);
    }

    /**
     * Allows {@code count} requests per second on average and twice as many at once.
     *
     * @param name of the limit, in the RateLimit header fields and in metrics
     */
    static <K> RateLimit<K> perSecond(String name, int count, LongSupplier nanoTime, MeterRegistry meters) {
        return new RateLimit<>(name, Math.toIntExact(count * BURST.toSeconds()), BURST, nanoTime, meters);
    }

    /**
     * Allows {@code count} requests per minute on average and as many at once.
     *
     * @param name of the limit, in the RateLimit header fields and in metrics
     */
    public static <K> RateLimit<K> perMinute(String name, int count, LongSupplier nanoTime, MeterRegistry meters) {
        return new RateLimit<>(name, count, Duration.ofMinutes(1), nanoTime, meters);
    }

    /**
     * Counts a request and adds the RateLimit header fields to the answer.
     *
     * @throws ProblemException 429 when the request exceeds the limit
     */
    void count(Context context, K key) {
        Take take = tryConsume(key);
        addHeaders(context, take);
        if (!take.allowed()) {
            throw rejection(context, take);
        }
    }

    /**
     * Counts a request that is answered without a {@link Context}.
     *
     * @param headers receives the RateLimit header fields
     * @return false when the request exceeds the limit; then neither the request is counted nor a field added
     */
    boolean count(K key, BiConsumer<String, String> headers) {
        Take take = tryConsume(key);
        if (take.allowed()) {
            headers.accept("RateLimit-Policy", policy);
            headers.accept("RateLimit", state(take));
        }
        return take.allowed();
    }

    /**
     * Counts a failure, such as a wrong token, after it has happened.
     *
     * @throws ProblemException 429 when the key has failed too often; a failure within the limit adds no header fields
     */
    public void countFailure(Context context, K key) {
        Take take = tryConsume(key);
        if (!take.allowed()) {
            addHeaders(context, take);
            throw rejection(context, take);
        }
    }

    /** Whether one more request of this key would exceed the limit. Counts nothing. */
    public boolean isExceeded(K key) {
        TokenBucket bucket = buckets.getIfPresent(key);
        return bucket != null && bucket.isEmpty();
    }

    Take tryConsume(K key) {
        return buckets.get(key, _ -> new TokenBucket(rate)).take();
    }

    private void addHeaders(Context context, Take take) {
        context.res().addHeader("RateLimit-Policy", policy);
        context.res().addHeader("RateLimit", state(take));
    }

    private String state(Take take) {
        return "\"" + name + "\";r=" + take.remaining() + ";t=" + take.secondsToWait();
    }

    private ProblemException rejection(Context context, Take take) {
        rejections.increment();
        context.header("Retry-After", String.valueOf(take.secondsToWait()));
        return new ProblemException(Problem.of(ProblemType.RATE_LIMITED).with("violated-policies", List.of(name)));
    }
}
