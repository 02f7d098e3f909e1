package io.firstcome.ingress.limits;

import java.time.Duration;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

/**
 * So many requests in so long: a bucket that is full at first and fills up evenly, once in the window.
 *
 * @param name what clients read in the fields below, and operators in the metrics
 * @param quota how many fit into the bucket
 * @param window whole seconds
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-ratelimit-headers-11">RateLimit header fields
 *      for HTTP, draft 11 of May 2026</a>
 */
record Rate(String name, int quota, Duration window) {

    private static final Duration SAVED_UP = Duration.ofSeconds(2);

    /** So many a second on average, saved up for two seconds at most. */
    static Rate perSecond(String name, int count) {
        return new Rate(name, Math.toIntExact(count * SAVED_UP.toSeconds()), SAVED_UP);
    }

    /** So many a minute on average, all of them at once at most. */
    static Rate perMinute(String name, int count) {
        return new Rate(name, count, Duration.ofMinutes(1));
    }

    Bucket bucket(TimeMeter clock) {
        return Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(quota).refillGreedy(quota, window)).build();
    }

    /** An element of the field {@code RateLimit-Policy}. */
    String policy() {
        return "\"%s\";q=%d;w=%d".formatted(name, quota, window.toSeconds());
    }

    /** An element of the field {@code RateLimit}: how many may be counted on in the next seconds. */
    String standing(long left, long seconds) {
        return "\"%s\";r=%d;t=%d".formatted(name, left, seconds);
    }
}
