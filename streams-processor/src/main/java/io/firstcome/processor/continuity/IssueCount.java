package io.firstcome.processor.continuity;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.kafka.streams.errors.StreamsException;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.processor.continuity.StoredCoupons.StoredIssues;

/**
 * Counts the stored issues of each coupon of a task, as they were when the task started. Counting a million issues
 * takes more than a second, so a thread of its own counts while the task decides. One task is counted at a time.
 *
 * <p>What ends the counting, an {@link Error} too, fails the task that asks for the result: the failures of stream
 * threads have a policy already.
 */
final class IssueCount implements AutoCloseable {

    /**
     * What the stores have of one coupon.
     *
     * @param greatest the greatest sequence
     */
    record Count(long issued, long revoked, long greatest) {

        static final Count NONE = new Count(0, 0, 0);

        Count and(StoredIssues.OfUser user) {
            return new Count(issued + user.issued(), revoked + user.revoked(), Math.max(greatest, user.greatest()));
        }
    }

    private static final int USERS_AT_ONCE = 1_000;
    /** The thread ends when nothing is left to count. */
    private static final ExecutorService COUNTER = counter();

    private final Map<CouponId, CouponState> states;
    private final StoredIssues issues;
    private final Map<String, Count> counts = new HashMap<>();
    /** Fair: without it the counter would take the lock again before a waiting stream thread gets it. */
    private final ReentrantLock lock = new ReentrantLock(true);
    private boolean closed;
    private boolean complete;
    private Future<?> counting;

    /**
     * @param states the stored state of each coupon
     * @param issues the issues that belong to these states; this count closes them
     */
    IssueCount(Map<CouponId, CouponState> states, StoredIssues issues) {
        this.states = states;
        this.issues = issues;
    }

    private static ExecutorService counter() {
        var executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(),
                Thread.ofPlatform().daemon().name("issue-count").factory());
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    void start() {
        counting = COUNTER.submit(this::countAll);
    }

    private void countAll() {
        try {
            while (countSome()) {
                // The lock is released, so that a task that is closed waits for a few issues only.
            }
        } finally {
            close();
        }
    }

    /** Returns whether issues are left. */
    private boolean countSome() {
        lock.lock();
        try {
            for (int i = 0; i < USERS_AT_ONCE && !closed && issues.hasNext(); i++) {
                StoredIssues.OfUser user = issues.next();
                counts.merge(user.couponId(), Count.NONE.and(user), (before, _) -> before.and(user));
            }
            complete = !closed && !issues.hasNext();
            return !closed && !complete;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether all issues have been counted, before the count was closed.
     *
     * @throws StreamsException when an issue could not be read; its cause says why
     */
    boolean isComplete() {
        return switch (counting.state()) {
            case RUNNING -> false;
            case SUCCESS -> complete;
            case FAILED, CANCELLED ->
                throw new StreamsException("the stored issues cannot be counted", counting.exceptionNow());
        };
    }

    /** The states with which the counts have to agree. */
    Map<CouponId, CouponState> states() {
        return states;
    }

    /** What has been counted of a coupon. Call it after {@link #isComplete}: nothing changes the counts then. */
    Count of(CouponId couponId) {
        return counts.getOrDefault(couponId.value(), Count.NONE);
    }

    /** Ends the counting. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                issues.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
