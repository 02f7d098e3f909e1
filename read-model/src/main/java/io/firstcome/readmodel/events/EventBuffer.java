package io.firstcome.readmodel.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The latest events of one coupon. Everybody who follows reads from here at their own speed and keeps nothing but a
 * position, an offset of the coupon's partition: what came later they have not seen.
 */
public final class EventBuffer {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

    private final ReadPosition partition;
    private final int kept;
    private final Deque<CouponEvent> recent = new ArrayDeque<>();
    private long since;
    private long latest;

    public EventBuffer(ReadPosition partition, int kept) {
        this.partition = partition;
        this.kept = kept;
        this.since = partition.since();
        this.latest = since;
    }

    /** Takes the next event, and says by how many there are more of them now. */
    public synchronized int add(CouponEvent event) {
        recent.addLast(event);
        moved(event.id());
        if (recent.size() <= kept) {
            return 1;
        }
        since = recent.removeFirst().id();
        return 0;
    }

    /** Something about this coupon was decided that is no event, but may show in its state. */
    public synchronized void moved(long offset) {
        latest = offset;
        notifyAll();
    }

    /** Drops all events, and says how many. */
    public synchronized int forget() {
        int dropped = recent.size();
        recent.clear();
        since = latest;
        return dropped;
    }

    /** What came after a position. */
    public synchronized Page after(long position) {
        List<CouponEvent> later = new ArrayList<>();
        Iterator<CouponEvent> fromTheLatest = recent.descendingIterator();
        while (fromTheLatest.hasNext()) {
            CouponEvent event = fromTheLatest.next();
            if (event.id() <= position) {
                break;
            }
            later.add(event);
        }
        return new Page(since, later.reversed(), until());
    }

    /** How far has been read: nothing about this coupon up to here is still to come. */
    public synchronized long until() {
        return Math.max(latest, partition.until());
    }

    /** Waits for a decision about this coupon after a position, and says whether there is one. */
    public synchronized boolean awaitLater(long position, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (long left = patience.toNanos(); latest <= position && left > 0; left = deadline - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return latest > position;
    }

    /** Waits until the partition has been read so far, whichever coupon the records are about, and says whether it has. */
    public synchronized boolean awaitRead(long position, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (until() < position && System.nanoTime() < deadline) {
            wait(LOOK_AGAIN.toMillis());
        }
        return until() >= position;
    }

    /**
     * @param since up to this offset events may be missing
     * @param events the events later than what was asked for, in order
     * @param until this and all before it has been read
     */
    public record Page(long since, List<CouponEvent> events, long until) {}
}
