package io.firstcome.readmodel.coupons;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.firstcome.contract.CouponId;

/**
 * Where claims wait for a coupon's facts to move. News that may change every answer calls all who wait, a place that came
 * free calls one. They are called a moment later: the gate hears of it then, too.
 */
public final class CouponChangeNotifier {

    private static final Duration MOMENT = Duration.ofMillis(25);

    private final Map<CouponId, Line> lines = new ConcurrentHashMap<>();
    private final Executor later;

    /** Calls a moment after each move. */
    public CouponChangeNotifier() {
        this(CompletableFuture.delayedExecutor(MOMENT.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** @param later runs the calls when the gate may have heard of the move */
    public CouponChangeNotifier(Executor later) {
        this.later = later;
    }

    /** Begins to wait. Do so before asking the gate, lest a move between the two goes unseen. */
    public Place join(CouponId couponId) {
        return new Place(couponId, lines.compute(couponId, (id, line) -> (line == null ? new Line() : line).joined()));
    }

    /** The coupon was changed or is gone, so that all claims may be answered otherwise than before. */
    public void changed(CouponId couponId) {
        Line line = lines.get(couponId);
        if (line != null) {
            later.execute(line::callAll);
        }
    }

    /** A reservation may have ended without an issue. */
    public void freed(CouponId couponId) {
        Line line = lines.get(couponId);
        if (line != null) {
            later.execute(line::callOne);
        }
    }

    /** One who waits; for the thread that joined. */
    public final class Place implements AutoCloseable {

        private final CouponId couponId;
        private final Line line;
        private long heard;

        private Place(CouponId couponId, Line line) {
            this.couponId = couponId;
            this.line = line;
            this.heard = line.calls();
        }

        /** Waits until it is called, or was since it waited last, and so long at most. */
        public void await(long nanos) throws InterruptedException {
            heard = line.await(heard, nanos);
        }

        /** Lets the next one have what this one may have been called for. */
        public void passOn() {
            line.callOne();
        }

        @Override
        public void close() {
            lines.computeIfPresent(couponId, (id, it) -> it.left() ? null : it);
        }
    }

    /** All who wait for one coupon. A monitor, for a future that thousands wait at takes a walk past all to let one go. */
    private static final class Line {

        private int waiters;
        private long calls;
        private int free;

        synchronized Line joined() {
            waiters++;
            return this;
        }

        /** @return whether it was the last one */
        synchronized boolean left() {
            return --waiters == 0;
        }

        synchronized long calls() {
            return calls;
        }

        synchronized void callAll() {
            calls++;
            free = 0;
            notifyAll();
        }

        /** Places beyond those who wait are for whoever comes next to find. */
        synchronized void callOne() {
            free = Math.min(free + 1, waiters);
            notify();
        }

        /** @return how often all have been called by now */
        synchronized long await(long heard, long nanos) throws InterruptedException {
            long deadline = System.nanoTime() + nanos;
            for (long left = nanos; calls == heard && free == 0 && left > 0; left = deadline - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            free = Math.max(0, free - 1);
            return calls;
        }
    }
}
