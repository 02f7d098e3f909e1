package io.firstcome.kit.status;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A value that is computed at most once per second, however many callers ask. Callers that ask during a computation
 * wait for its result.
 */
public final class RecentValue<T> implements Supplier<T> {

    private static final long VALID_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<T> source;
    private final LongSupplier nanoTime;
    private T value;
    private long computedNanos;

    /** @param source computes the value; must be bounded in time */
    public RecentValue(Supplier<T> source) {
        this(source, System::nanoTime);
    }

    RecentValue(Supplier<T> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized T get() {
        if (value == null || nanoTime.getAsLong() - computedNanos >= VALID_NANOS) {
            value = source.get();
            computedNanos = nanoTime.getAsLong();
        }
        return value;
    }
}
