package io.firstcome.readmodel.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The latest events of one coupon. Each subscriber reads from here at its own speed and keeps only a position: the
 * offset, in the coupon's partition, of the last record that the subscriber has seen.
 */
public final class EventBuffer {

    private static final Duration RECHECK_INTERVAL = Duration.ofMillis(25);

    private final ReadPosition partition;
    private final int max;
    private final Deque<CouponEvent> recent = new ArrayDeque<>();
    private long since;
    private long latest;

    EventBuffer(ReadPosition partition, int max) {
        this.partition = partition;
        this.max = max;
        this.since = partition.since();
        this.latest = since;
    }

    /**
     * Adds the next event.
     *
     * @return by how many events the buffer has grown: 0 when the oldest event was dropped
     */
    synchronized int add(CouponEvent event) {
        recent.addLast(event);
        outcomeAt(event.id());
        if (recent.size() <= max) {
            return 1;
        }
        since = recent.removeFirst().id();
        return 0;
    }

    /** An outcome of this coupon was read that is no event, but that may have changed the coupon's state. */
    synchronized void outcomeAt(long offset) {
        latest = offset;
        notifyAll();
    }

    /**
     * Drops all events.
     *
     * @return how many events were dropped
     */
    synchronized int clear() {
        int dropped = recent.size();
        recent.clear();
        since = latest;
        return dropped;
    }

    /** The events after a position. */
    public synchronized Page after(long position) {
        List<CouponEvent> later = new ArrayList<>();
        Iterator<CouponEvent> newestFirst = recent.descendingIterator();
        while (newestFirst.hasNext()) {
            CouponEvent event = newestFirst.next();
            if (event.id() <= position) {
                break;
            }
            later.add(event);
        }
        return new Page(since, later.reversed(), until());
    }

    /** The offset up to which all records about this coupon have been read. */
    public synchronized long until() {
        return Math.max(latest, partition.until());
    }

    /**
     * Waits for an outcome of this coupon after a position.
     *
     * @return whether there is one
     */
    public synchronized boolean awaitLater(long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        for (long left = timeout.toNanos(); latest <= position && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return latest > position;
    }

    /**
     * Waits until the partition has been read up to a position. Records about other coupons count too.
     *
     * @return whether the partition has been read so far
     */
    public synchronized boolean awaitRead(long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (until() < position && System.nanoTime() < deadline) {
            // Records about other coupons do not notify this buffer.
            wait(RECHECK_INTERVAL.toMillis());
        }
        return until() >= position;
    }

    /**
     * A part of the buffer.
     *
     * @param since events up to this offset may be missing
     * @param events the events after the position, in order
     * @param until all records up to this offset have been read
     */
    public record Page(long since, List<CouponEvent> events, long until) {}
}
