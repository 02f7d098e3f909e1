package io.firstcome.readmodel.coupons;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

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

    /** One claim that waits. Only the thread that registered the waiter may use it, except for {@link #end}. */
    public final class Waiter implements AutoCloseable {

        private final CouponId couponId;
        private final WaitQueue queue;
        private final Condition woken;
        private long seenBroadcasts;
        private boolean ended;

        private Waiter(CouponId couponId, WaitQueue queue) {
            this.couponId = couponId;
            this.queue = queue;
            this.woken = queue.lock.newCondition();
            this.seenBroadcasts = queue.broadcasts();
        }

        /**
         * Waits until the next wake-up, the timeout or {@link #end}. A wake-up since the last wait, or the
         * registration, counts.
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

        /** Ends this wait and all later ones of this waiter: the caller has left. Any thread may call it. */
        public void end() {
            queue.end(this);
        }

        /** Whether {@link #end} was called. */
        public boolean hasEnded() {
            return queue.hasEnded(this);
        }

        @Override
        public void close() {
            queues.computeIfPresent(couponId, (_, joined) -> joined.left() ? null : joined);
        }
    }

    /**
     * The waiters of one coupon. Each has a condition of its own: thousands may wait, and the end of one wait must not
     * wake the others. To remove one of thousands of waiters from a shared future would be slow.
     */
    private static final class WaitQueue {

        private final ReentrantLock lock = new ReentrantLock();
        /** In the order in which they began to wait. */
        private final Set<Waiter> idle = new LinkedHashSet<>();
        private int waiters;
        private long broadcasts;
        private int permits;

        WaitQueue joined() {
            lock.lock();
            try {
                waiters++;
                return this;
            } finally {
                lock.unlock();
            }
        }

        /** @return whether this was the last waiter */
        boolean left() {
            lock.lock();
            try {
                return --waiters == 0;
            } finally {
                lock.unlock();
            }
        }

        long broadcasts() {
            lock.lock();
            try {
                return broadcasts;
            } finally {
                lock.unlock();
            }
        }

        void wakeAll() {
            lock.lock();
            try {
                broadcasts++;
                permits = 0;
                idle.forEach(waiter -> waiter.woken.signal());
                idle.clear();
            } finally {
                lock.unlock();
            }
        }

        /** Permits never outnumber the waiters: a claim that comes later asks the gate anyway. */
        void wakeOne() {
            lock.lock();
            try {
                permits = Math.min(permits + 1, waiters);
                Iterator<Waiter> first = idle.iterator();
                if (first.hasNext()) {
                    first.next().woken.signal();
                    first.remove();
                }
            } finally {
                lock.unlock();
            }
        }

        void end(Waiter waiter) {
            lock.lock();
            try {
                waiter.ended = true;
                waiter.woken.signal();
            } finally {
                lock.unlock();
            }
        }

        boolean hasEnded(Waiter waiter) {
            lock.lock();
            try {
                return waiter.ended;
            } finally {
                lock.unlock();
            }
        }

        /** @return whether there was a broadcast or a permit */
        boolean await(Waiter waiter, long timeoutNanos) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long left = timeoutNanos;
                while (broadcasts == waiter.seenBroadcasts && permits == 0 && !waiter.ended && left > 0) {
                    idle.add(waiter);
                    left = waiter.woken.awaitNanos(left);
                }
                boolean woken = broadcasts != waiter.seenBroadcasts || permits > 0;
                permits = Math.max(0, permits - 1);
                waiter.seenBroadcasts = broadcasts;
                return woken;
            } finally {
                idle.remove(waiter);
                lock.unlock();
            }
        }
    }
}
