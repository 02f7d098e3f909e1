package io.firstcome.ingress.testing;

import java.time.Duration;

import io.github.bucket4j.TimeMeter;

/** A clock that a test advances. */
public final class SetClock implements TimeMeter {

    private volatile long nanos;

    public void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Override
    public long currentTimeNanos() {
        return nanos;
    }

    @Override
    public boolean isWallClockBased() {
        return false;
    }
}
