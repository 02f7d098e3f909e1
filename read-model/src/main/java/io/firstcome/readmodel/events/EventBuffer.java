package io.firstcome.readmodel.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import io.firstcome.contract.id.UserId;

/**
 * The latest events of one coupon. Each subscriber reads from here at its own speed, through a {@link Feed}, and keeps
 * only a position: the offset, in the coupon's partition, of the last record that the subscriber has seen.
 *
 * <p>The events of a user have an index while the user has subscribers. So a subscriber of one user neither walks the
 * events of others nor wakes up for them, and a storm of rejections of others does not make it look slow.
 */
public final class EventBuffer {

    private static final Duration RECHECK_INTERVAL = Duration.ofMillis(25);

    private final ReadPosition partition;
    private final int max;
    private final Lock lock = new ReentrantLock();
    private final Deque<CouponEvent> recent = new ArrayDeque<>();
    private final Map<UserId, UserEvents> followed = new HashMap<>();
    /** The feeds that wait for any outcome. */
    private final Set<Feed> waiting = new HashSet<>();
    /** The feeds of single users that wait. */
    private final Set<Feed> waitingOfUsers = new HashSet<>();
    private long since;
    private long latest;
    /** The latest outcome that may have changed the coupon's state. */
    private long latestChange;

    /** The events of one user, from the first subscriber to the last. */
    private static final class UserEvents {
        private final List<Feed> feeds = new ArrayList<>(1);
        private final Deque<CouponEvent> recent = new ArrayDeque<>();
        private long since;
        private long latest;
    }

    EventBuffer(ReadPosition partition, int max) {
        this.partition = partition;
        this.max = max;
        this.since = partition.since();
        this.latest = since;
        this.latestChange = since;
    }

    /**
     * Adds the next event.
     *
     * @return by how many events the buffer has grown: 0 when the oldest event was dropped
     */
    int add(CouponEvent event) {
        lock.lock();
        try {
            recent.addLast(event);
            latest = event.id();
            UserEvents own = followed.get(event.userId());
            if (own != null) {
                own.recent.addLast(event);
                own.latest = event.id();
                own.feeds.forEach(feed -> feed.news.signal());
            }
            wake(waiting);
            if (event.changesCoupon()) {
                latestChange = event.id();
                wake(waitingOfUsers);
            }
            if (recent.size() <= max) {
                return 1;
            }
            CouponEvent dropped = recent.removeFirst();
            since = dropped.id();
            UserEvents ofDropped = followed.get(dropped.userId());
            if (ofDropped != null) {
                ofDropped.recent.removeFirst();
                ofDropped.since = dropped.id();
            }
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** An outcome of this coupon was read that is no event, but that may have changed the coupon's state. */
    void outcomeAt(long offset) {
        lock.lock();
        try {
            latest = offset;
            latestChange = offset;
            wake(waiting);
            wake(waitingOfUsers);
        } finally {
            lock.unlock();
        }
    }

    private static void wake(Set<Feed> feeds) {
        feeds.forEach(feed -> feed.news.signal());
        feeds.clear();
    }

    /**
     * Drops all events.
     *
     * @return how many events were dropped
     */
    int clear() {
        lock.lock();
        try {
            int dropped = recent.size();
            recent.clear();
            since = latest;
            followed.values().forEach(own -> {
                own.recent.clear();
                own.since = own.latest;
            });
            return dropped;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens the view of one subscriber, who must close it.
     *
     * @param user the only user whose events the subscriber sees; empty for all users
     */
    public Feed feed(Optional<UserId> user) {
        return new Feed(user);
    }

    /** The events of all users after a position. */
    public Page after(long position) {
        lock.lock();
        try {
            return page(recent, since, position);
        } finally {
            lock.unlock();
        }
    }

    private Page page(Deque<CouponEvent> events, long eventsSince, long position) {
        List<CouponEvent> later = new ArrayList<>();
        Iterator<CouponEvent> newestFirst = events.descendingIterator();
        while (newestFirst.hasNext()) {
            CouponEvent event = newestFirst.next();
            if (event.id() <= position) {
                break;
            }
            later.add(event);
        }
        return new Page(eventsSince, later.reversed(), until());
    }

    /** The offset up to which all records about this coupon have been read. */
    public long until() {
        lock.lock();
        try {
            return Math.max(latest, partition.until());
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until the partition has been read up to a position. Records about other coupons count too.
     *
     * @return whether the partition has been read so far
     */
    public boolean awaitRead(long position, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        while (until() < position && System.nanoTime() < deadline) {
            // Records about other coupons do not notify this buffer.
            TimeUnit.MILLISECONDS.sleep(RECHECK_INTERVAL.toMillis());
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

    /** What one subscriber sees: the events of one user or of all users, and each change of the coupon. */
    public final class Feed implements AutoCloseable {

        private final Condition news = lock.newCondition();
        private final Optional<UserId> user;
        /** Null for the events of all users. */
        private final UserEvents own;

        private Feed(Optional<UserId> user) {
            this.user = user;
            lock.lock();
            try {
                own = user.map(it -> followed.computeIfAbsent(it, this::index)).orElse(null);
                if (own != null) {
                    own.feeds.add(this);
                }
            } finally {
                lock.unlock();
            }
        }

        private UserEvents index(UserId followedUser) {
            var events = new UserEvents();
            events.since = since;
            events.latest = since;
            recent.stream().filter(event -> event.userId().equals(followedUser)).forEach(event -> {
                events.recent.addLast(event);
                events.latest = event.id();
            });
            return events;
        }

        /** The buffer that this feed reads. */
        public EventBuffer buffer() {
            return EventBuffer.this;
        }

        /** The events after a position. */
        public Page after(long position) {
            lock.lock();
            try {
                return own == null ? page(recent, since, position) : page(own.recent, own.since, position);
            } finally {
                lock.unlock();
            }
        }

        /**
         * Waits for an outcome after a position: one of the user, or one that may have changed the coupon.
         *
         * @return whether there is one
         */
        public boolean awaitLater(long position, Duration timeout) throws InterruptedException {
            lock.lock();
            try {
                long left = timeout.toNanos();
                while (latestOutcome() <= position && left > 0) {
                    (own == null ? waiting : waitingOfUsers).add(this);
                    left = news.awaitNanos(left);
                }
                return latestOutcome() > position;
            } finally {
                waiting.remove(this);
                waitingOfUsers.remove(this);
                lock.unlock();
            }
        }

        private long latestOutcome() {
            return own == null ? latest : Math.max(own.latest, latestChange);
        }

        @Override
        public void close() {
            lock.lock();
            try {
                if (own != null && own.feeds.remove(this) && own.feeds.isEmpty()) {
                    followed.remove(user.orElseThrow());
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
