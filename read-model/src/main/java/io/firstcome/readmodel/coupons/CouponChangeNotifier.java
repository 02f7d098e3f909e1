package io.firstcome.readmodel.coupons;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.firstcome.contract.id.CouponId;

/**
 * Wakes the claims that wait for a coupon to change: all of them when every answer may differ, one of them when one
 * reservation became free. The wake-up is delayed by some milliseconds, because the gate reads the same change
 * independently and may be a little later. It may also be much later, so a woken waiter should ask more than once.
 */
public final class CouponChangeNotifier {

    private static final Duration DELAY = Duration.ofMillis(25);

    private final Map<CouponId, WaitQueue> queues = new ConcurrentHashMap<>();
    private final Executor delayed;

    /** Wakes waiters some milliseconds after each change. */
    public CouponChangeNotifier() {
        this(CompletableFuture.delayedExecutor(DELAY.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** @param delayed runs a wake-up once the gate may have read the change too */
    public CouponChangeNotifier(Executor delayed) {
        this.delayed = delayed;
    }

    /** Registers a waiter. Register before you ask the gate: otherwise you miss a change between the two. */
    public Waiter register(CouponId couponId) {
        return new Waiter(couponId,
                queues.compute(couponId, (_, queue) -> (queue == null ? new WaitQueue() : queue).joined()));
    }

    /** Wakes all waiters of a coupon: the coupon's definition, status or sell-out changed. */
    public void wakeAll(CouponId couponId) {
        WaitQueue queue = queues.get(couponId);
        if (queue != null) {
            delayed.execute(queue::wakeAll);
        }
    }

    /** Wakes one waiter of a coupon: a reservation may have ended without an issue. */
    public void wakeOne(CouponId couponId) {
        WaitQueue queue = queues.get(couponId);
        if (queue != null) {
            delayed.execute(queue::wakeOne);
        }
    }

    /** One claim that waits. Only the thread that registered the waiter may use it. */
    public final class Waiter implements AutoCloseable {

        private final CouponId couponId;
        private final WaitQueue queue;
        private long seenBroadcasts;

        private Waiter(CouponId couponId, WaitQueue queue) {
            this.couponId = couponId;
            this.queue = queue;
            this.seenBroadcasts = queue.broadcasts();
        }

        /**
         * Waits until the next wake-up, or the timeout. A wake-up since the last wait, or the registration, counts.
         *
         * @return whether there was a wake-up
         */
        public boolean await(long timeoutNanos) throws InterruptedException {
            return queue.await(this, timeoutNanos);
        }

        /** Wakes the next waiter, who may use the free reservation that this one was woken for. */
        public void wakeNext() {
            queue.wakeOne();
        }

        @Override
        public void close() {
            queues.computeIfPresent(couponId, (_, joined) -> joined.left() ? null : joined);
        }
    }

    /** The waiters of one coupon. A monitor: to remove one of thousands of waiters from a shared future is slow. */
    private static final class WaitQueue {

        private int waiters;
        private long broadcasts;
        private int permits;

        synchronized WaitQueue joined() {
            waiters++;
            return this;
        }

        /** @return whether this was the last waiter */
        synchronized boolean left() {
            return --waiters == 0;
        }

        synchronized long broadcasts() {
            return broadcasts;
        }

        synchronized void wakeAll() {
            broadcasts++;
            permits = 0;
            notifyAll();
        }

        /** Permits never outnumber the waiters: a claim that comes later asks the gate anyway. */
        synchronized void wakeOne() {
            permits = Math.min(permits + 1, waiters);
            notify();
        }

        /** @return whether there was a broadcast or a permit */
        synchronized boolean await(Waiter waiter, long timeoutNanos) throws InterruptedException {
            long deadline = System.nanoTime() + timeoutNanos;
            for (long left = timeoutNanos; broadcasts == waiter.seenBroadcasts && permits == 0
                    && left > 0; left = deadline
                            - System.nanoTime()) {
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            boolean woken = broadcasts != waiter.seenBroadcasts || permits > 0;
            permits = Math.max(0, permits - 1);
            waiter.seenBroadcasts = broadcasts;
            return woken;
        }
    }
}
