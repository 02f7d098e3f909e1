package io.firstcome.ingress.limits;

import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.metrics.Meters;
import io.github.bucket4j.TimeMeter;
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
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final String name;
    private final String policy;
    private final int quota;
    private final long nanosPerToken;
    private final TimeMeter clock;
    private final Cache<K, Bucket> buckets;
    private final Counter rejections;

    private RateLimit(String name, int quota, Duration window, TimeMeter clock, MeterRegistry meters) {
        this.name = name;
        this.policy = "\"" + name + "\";q=" + quota + ";w=" + window.toSeconds();
        this.quota = quota;
        this.nanosPerToken = window.toNanos() / quota;
        this.clock = clock;
        this.buckets = Caffeine.newBuilder().maximumSize(MAX_KEYS).expireAfterAccess(window)
                .ticker(clock::currentTimeNanos).build();
        this.rejections = Meters.LIMITS_REJECTED.register(meters, name);
        Meters.LIMITS_KEYS.register(meters, buckets::estimatedSize, name);
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
        Bucket bucket = buckets.getIfPresent(key);
        return bucket != null && bucket.isEmpty();
    }

    Take tryConsume(K key) {
        return buckets.get(key, _ -> new Bucket()).take();
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

    /**
     * The result of one try.
     *
     * @param remaining how many tokens are left
     * @param waitNanos how long until the next token, after a refusal; else 0
     */
    record Take(boolean allowed, long remaining, long waitNanos) {

        /** Rounded up: a client that returns a moment too early would be rejected again. */
        long secondsToWait() {
            return Math.max(1, (waitNanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND);
        }
    }

    /** A token bucket as one number: the time at which it is full again. Each token taken makes this time later. */
    private final class Bucket {

        private long fullAt = clock.currentTimeNanos();

        synchronized Take take() {
            long now = clock.currentTimeNanos();
            long missing = Math.max(0, fullAt - now) + nanosPerToken;
            long wait = missing - quota * nanosPerToken;
            if (wait > 0) {
                return new Take(false, 0, wait);
            }
            fullAt = now + missing;
            return new Take(true, -wait / nanosPerToken, 0);
        }

        synchronized boolean isEmpty() {
            return fullAt - clock.currentTimeNanos() > (quota - 1) * nanosPerToken;
        }
    }
}
