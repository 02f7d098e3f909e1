package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.function.LongSupplier;

import io.firstcome.ingress.limits.TokenBucket;

/**
 * Limits the claims that go to the log without the gate's admission. It protects the log and the authority from load;
 * the stock needs no such protection.
 */
final class PassThroughLimiter {

    private final TokenBucket bucket;

    /** @param perSecond the rate, which is also the burst */
    PassThroughLimiter(int perSecond, LongSupplier nanoTime) {
        bucket = new TokenBucket(TokenBucket.Rate.of(perSecond, Duration.ofSeconds(1), nanoTime));
    }

    /** Whether one more claim may pass now. Never blocks. */
    boolean tryPass() {
        return bucket.take().allowed();
    }
}
