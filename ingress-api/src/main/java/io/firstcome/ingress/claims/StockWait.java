package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
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
import io.firstcome.ingress.limits.ClaimProtection.Place;
import io.firstcome.ingress.limits.StockWaiters;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;

/**
 * Asks the gate again while all remaining stock is reserved: when the coupon changes, and at intervals because
 * reservations expire. The gate may read a change later than this ingress, whose projector may be another one. So after
 * a change a claim asks at short intervals that double up to the usual one.
 *
 * <p>A claim waits for a time in which nothing is issued. While its coupon's sale goes on, a caller who would wait for
 * the decision waits on.
 *
 * <p>A claim that waits leaves its place among the claims in flight, and counts as a waiter until it is answered. So
 * waiters take no place from other claims.
 */
final class StockWait {

    static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    /** The first interval after a change. */
    private static final Duration RECHECK_INTERVAL = Duration.ofMillis(10);
    /** So many waiters of a coupon ask at these intervals. More ask less often, so that the gate has time for others. */
    private static final int CROWD = 1_000;

    private final CouponChangeNotifier changes;
    private final CouponRegistry registry;
    private final BooleanSupplier stopping;
    private final Duration timeout;
    private final Duration retryInterval;
    private final StockWaiters waiters;

    /** Answers a claim. */
    interface Answer<T> {

        /**
         * @param outcome the outcome that ended the wait, or the last one at the timeout; the first one when the claim
         *     did not wait
         */
        T to(AdmissionOutcome outcome) throws InterruptedException;
    }

    /**
     * @param timeout how long a claim waits while nothing is issued
     * @param stopping whether waits must end, because the ingress stops
     * @param waiters limits how many claims wait at the same time
     * @param retryInterval the shortest interval without a change of the coupon; the longest is twice as long
     */
    StockWait(CouponChangeNotifier changes, CouponRegistry registry, BooleanSupplier stopping, Duration timeout,
            StockWaiters waiters, Duration retryInterval) {
        this.changes = changes;
        this.registry = registry;
        this.stopping = stopping;
        this.timeout = timeout;
        this.retryInterval = retryInterval;
        this.waiters = waiters;
    }

    /**
     * Asks the gate, and waits when it answers {@link Full} and not too many claims wait already.
     *
     * @param place is left when the claim waits
     * @param longest how long the claim may wait while its coupon is issued to others; never shorter than the timeout
     * @param answer what is done then is within the limit of waiters
     */
    <T> T ask(CouponId coupon, Place place, Duration longest, Supplier<AdmissionOutcome> gate, Answer<T> answer)
            throws InterruptedException {
        AdmissionOutcome first = gate.get();
        if (!(first instanceof Full) || !waiters.tryJoin(coupon)) {
            return answer.to(first);
        }
        try {
            place.leave();
            return answer.to(outcomeOfWait(coupon, longest, gate));
        } finally {
            waiters.leave(coupon);
        }
    }

    private AdmissionOutcome outcomeOfWait(CouponId coupon, Duration longest, Supplier<AdmissionOutcome> gate)
            throws InterruptedException {
        // Joined before the gate is asked, so that a change between the two is not missed.
        try (CouponChangeNotifier.Waiter waiter = changes.register(coupon)) {
            var end = new End(coupon, longest);
            AdmissionOutcome outcome = gate.get();
            long interval = paced(coupon, retryInterval);
            for (long left = end.nanosLeft(); !endsWait(outcome) && left > 0; left = end.nanosLeft()) {
                // A random share spreads the requests of all waiters over time.
                boolean woken = waiter
                        .await(Math.min(left, interval + ThreadLocalRandom.current().nextLong(interval)));
                interval = Math.min(woken ? paced(coupon, RECHECK_INTERVAL) : 2 * interval,
                        paced(coupon, retryInterval));
                outcome = gate.get();
            }
            if (!(outcome instanceof Admitted)) {
                // Another waiter may need the stock for which this one was woken.
                waiter.wakeNext();
            }
            return outcome;
        }
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
            this.latest = Math.max(deadline, now + longest.toNanos());
            this.issued = state().map(CouponState::issued).orElse(0L);
        }

        /**
         * After the sell-out a wait is not prolonged: {@link SoldOutMemory} relies on the time in which a claim that
         * was there before it reaches the log.
         */
        long nanosLeft() {
            long now = System.nanoTime();
            CouponState state = state().orElse(null);
            if (state != null && state.issued() != issued && !state.isSoldOut() && !stopping.getAsBoolean()) {
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
