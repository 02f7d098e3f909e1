package io.firstcome.ingress.admission;

import java.util.function.LongSupplier;

/**
 * Bounds what goes to the log without the gate's help: as many claims a second as set, saved up for one second at most.
 * It protects the log and the authority, never the stock.
 */
public final class PassThroughLimiter {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double perSecond;
    private final LongSupplier nanoTime;
    private double available;
    private long refilledAt;

    /**
     * @param perSecond how many may pass each second
     * @param nanoTime a clock such as {@link System#nanoTime()}
     */
    public PassThroughLimiter(int perSecond, LongSupplier nanoTime) {
        this.perSecond = perSecond;
        this.nanoTime = nanoTime;
        this.available = perSecond;
        this.refilledAt = nanoTime.getAsLong();
    }

    /** Whether one more may pass now. Never waits. */
    public synchronized boolean tryPass() {
        long now = nanoTime.getAsLong();
        available = Math.min(perSecond, available + (now - refilledAt) / NANOS_PER_SECOND * perSecond);
        refilledAt = now;
        if (available < 1) {
            return false;
        }
        available--;
        return true;
    }
}
