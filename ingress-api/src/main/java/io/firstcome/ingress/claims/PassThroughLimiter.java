package io.firstcome.ingress.claims;

import java.time.Duration;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;

/**
 * Limits the claims that go to the log without the gate's admission. It protects the log and the authority from load;
 * the stock needs no such protection.
 */
final class PassThroughLimiter {

    private final Bucket bucket;

    /** @param perSecond the rate, which is also the burst */
    PassThroughLimiter(int perSecond, TimeMeter clock) {
        bucket = Bucket.builder().withCustomTimePrecision(clock)
                .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1))).build();
    }

    /** Whether one more claim may pass now. Never blocks. */
    boolean tryPass() {
        return bucket.tryConsume(1);
    }
}
