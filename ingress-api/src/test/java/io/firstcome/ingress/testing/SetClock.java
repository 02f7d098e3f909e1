package io.firstcome.ingress.testing;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A clock in nanoseconds that a test advances. */
public final class SetClock implements LongSupplier {

    private volatile long nanos;

    public void advance(Duration by) {
        nanos += by.toNanos();
    }

    @Override
    public long getAsLong() {
        return nanos;
    }
}
