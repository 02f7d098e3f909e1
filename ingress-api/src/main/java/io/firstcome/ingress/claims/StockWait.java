package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.LimitReached;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.ingress.limits.ClaimProtection.Permit;
import io.firstcome.ingress.limits.StockWaiters;
import io.firstcome.kit.server.deferred.DisconnectMonitor.Watch;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;

/**
 * Asks the gate again while all remaining stock is reserved: when the coupon changes, and at intervals because
 * reservations expire. The gate may read a change later than this ingress, whose projector may be another one. So after
 * a change a claim asks at short intervals that double up to the usual one.
 *
 * <p>A wait ends when the timeout has passed without an issue of the coupon. Each issue starts the timeout anew for a
 * caller who asked to wait for the decision, until the caller's own wait or {@link #LONGEST} is over.
 *
 * <p>A claim that waits releases its permit for claims in flight, and counts as a waiter until it is answered. So
 * waiters take no permit from other claims. A caller who disconnects ends the wait: a crowd that comes and goes would
 * otherwise keep the other crowds from waiting. A caller who sends bytes of a next request before is not noticed.
 */
final class StockWait {

    static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    /** Some seconds are enough for the burst at an opening. */
    static final Duration LONGEST = Duration.ofSeconds(5);
    /** The first interval after a change. */
    private static final Duration RECHECK_INTERVAL = Duration.ofMillis(10);
    /** Up to so many waiters of a coupon ask at these intervals. More ask less often, to leave the gate to others. */
    private static final int CROWD = 1_000;

    /** The caller of a claim that waits. */
    interface Caller {

        /**
         * Begins to watch whether the caller disconnects.
         *
         * @param onDisconnect is called at most once and does not block
         */
        Watch whileWaiting(Runnable onDisconnect);
    }

    private final CouponChangeNotifier changes;
    private final CouponRegistry registry;
    private final Predicate<CouponId> mayProlong;
    private final Duration timeout;
    private final Duration retryInterval;
    private final StockWaiters waiters;

    /**
     * @param mayProlong whether a wait for a coupon may be prolonged now: the ingress goes on, and is not behind the
     *     log
     * @param timeout how long a claim waits while nothing is issued
     * @param waiters limits how many claims wait at the same time
     * @param retryInterval the shortest interval without a change of the coupon; the longest is twice as long
     */
    StockWait(CouponChangeNotifier changes, CouponRegistry registry, Predicate<CouponId> mayProlong, Duration timeout,
            StockWaiters waiters, Duration retryInterval) {
        this.changes = changes;
        this.registry = registry;
        this.mayProlong = mayProlong;
        this.timeout = timeout;
        this.retryInterval = retryInterval;
        this.waiters = waiters;
    }

    /**
     * The turn of one claim at the gate; closed once the claim is answered.
     *
     * @param permit is released when the claim waits
     * @param caller is watched while the claim waits
     */
    Turn turn(CouponId coupon, Permit permit, Caller caller) {
        return new Turn(coupon, permit, caller);
    }

    /** Used by the thread of its claim. */
    final class Turn implements AutoCloseable {

        private final CouponId coupon;
        private final Permit permit;
        private final Caller caller;
        private boolean isWaiter;

        private Turn(CouponId coupon, Permit permit, Caller caller) {
            this.coupon = coupon;
            this.permit = permit;
            this.caller = caller;
        }

        /**
         * Asks the gate, and waits when it answers {@link Full} and not too many claims wait already.
         *
         * @param longest how long the claim may wait while its coupon is issued to others, up to {@link #LONGEST};
         *     never shorter than the timeout
         * @return the outcome that ended the wait, or else the last one; the first one when the claim did not wait;
         *     {@link Full} when the caller disconnected
         */
        AdmissionOutcome ask(Duration longest, Supplier<AdmissionOutcome> gate) throws InterruptedException {
            AdmissionOutcome first = gate.get();
            if (!(first instanceof Full) || !joins()) {
                return first;
            }
            permit.release();
            // Joined before the gate is asked, so that a change between the two is not missed.
            try (CouponChangeNotifier.Waiter waiter = changes.register(coupon)) {
                Watch watch = caller.whileWaiting(waiter::end);
                try {
                    return outcomeOfWait(waiter, new End(coupon, longest), gate);
                } finally {
                    watch.end();
                }
            }
        }

        private boolean joins() {
            isWaiter = isWaiter || waiters.tryJoin(coupon);
            return isWaiter;
        }

        @Override
        public void close() {
            if (isWaiter) {
                waiters.leave(coupon);
            }
        }
    }

    private AdmissionOutcome outcomeOfWait(CouponChangeNotifier.Waiter waiter, End end, Supplier<AdmissionOutcome> gate)
            throws InterruptedException {
        AdmissionOutcome outcome = gate.get();
        long interval = paced(end.coupon, retryInterval);
        long left = end.nanosLeft(outcome);
        while (!endsWait(outcome) && left > 0) {
            // A random share spreads the requests of all waiters over time.
            boolean woken = waiter.await(Math.min(left, interval + ThreadLocalRandom.current().nextLong(interval)));
            if (waiter.hasEnded()) {
                // Another claim may have what the gate would reserve for a caller who has gone.
                outcome = new Full();
                break;
            }
            interval = Math.min(woken ? paced(end.coupon, RECHECK_INTERVAL) : 2 * interval,
                    paced(end.coupon, retryInterval));
            outcome = gate.get();
            left = end.nanosLeft(outcome);
        }
        if (!(outcome instanceof Admitted)) {
            // Another waiter may need the stock for which this one was woken.
            waiter.wakeNext();
        }
        return outcome;
    }

    /** When a wait ends: a timeout after the last issue of the coupon that this wait has seen. */
    private final class End {

        private final CouponId coupon;
        private final long latest;
        private long deadline;
        private long issued;

        End(CouponId coupon, Duration longest) {
            long now = System.nanoTime();
            this.coupon = coupon;
            this.deadline = now + timeout.toNanos();
            this.latest = Math.max(deadline, now + Math.min(longest.toNanos(), LONGEST.toNanos()));
            this.issued = state().map(CouponState::issued).orElse(0L);
        }

        /**
         * Without an answer of the gate a wait is not prolonged: claims that came later go to the log meanwhile. Nor is
         * it after the sell-out or by an ingress that is behind: {@link SoldOutCache} relies on the time that a claim
         * from before the sell-out takes to the log.
         */
        long nanosLeft(AdmissionOutcome outcome) {
            long now = System.nanoTime();
            CouponState state = state().orElse(null);
            if (outcome instanceof Full && state != null && state.issued() != issued && !state.isSoldOut()
                    && mayProlong.test(coupon)) {
                issued = state.issued();
                deadline = Math.min(latest, now + timeout.toNanos());
            }
            return deadline - now;
        }

        private Optional<CouponState> state() {
            return registry.find(coupon);
        }
    }

    /** The interval of one waiter in nanoseconds: the questions of all waiters together have a limit. */
    private long paced(CouponId coupon, Duration interval) {
        return interval.toNanos() * Math.max(CROWD, waiters.of(coupon)) / CROWD;
    }

    /** COLD and UNAVAILABLE do not end a wait: a short failure must not send all waiting claims to the log. */
    private static boolean endsWait(AdmissionOutcome outcome) {
        return switch (outcome) {
            case Admitted _,AlreadyIssued _,LimitReached _,InFlight _,Rejected _ -> true;
            case Full _,Cold _,Unavailable _ -> false;
        };
    }
}
