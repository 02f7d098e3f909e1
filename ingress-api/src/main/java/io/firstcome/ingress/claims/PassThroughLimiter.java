package io.firstcome.ingress.claims;

import java.time.Duration;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

/**
 * Bounds what goes to the log without the gate's help: as many claims a second as set, saved up for one second at most.
 * It protects the log and the authority, never the stock.
 */
public final class PassThroughLimiter {

    private final Bucket bucket;

    /** @param perSecond how many may pass each second */
    public PassThroughLimiter(int perSecond, TimeMeter clock) {
        bucket = Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1))).build();
    }

    /** Whether one more may pass now. Never waits. */
    public boolean tryPass() {
        return bucket.tryConsume(1);
    }
}
