package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

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
import io.firstcome.readmodel.coupons.CouponChangeNotifier;

/**
 * Asks the gate again while all remaining stock is reserved: when the coupon changes, and at intervals because
 * reservations expire. The gate may read a change later than this ingress, whose projector may be another one. So after
 * a change a claim asks at short intervals that double up to the usual one.
 *
 * <p>A claim waits only while fewer claims on its coupon wait than further claims may wait. So the waiters of one coupon
 * take at most half of what all waiters may take, and claims on another coupon can always wait.
 */
final class StockWait {

    static final Duration RETRY_INTERVAL = Duration.ofMillis(250);
    /** The first interval after a change. */
    private static final Duration RECHECK_INTERVAL = Duration.ofMillis(10);

    private final CouponChangeNotifier changes;
    private final Duration timeout;
    private final Duration retryInterval;
    private final int maxWaiters;
    /** How many claims wait, by coupon; guarded by itself, as the sum is. */
    private final Map<CouponId, Integer> waiters = new HashMap<>();
    private int allWaiters;

    /**
     * @param timeout how long a claim waits at most
     * @param maxWaiters how many claims may wait at the same time, on all coupons
     * @param retryInterval the shortest interval without a change of the coupon; the longest is twice as long
     */
    StockWait(CouponChangeNotifier changes, Duration timeout, int maxWaiters, Duration retryInterval) {
        this.changes = changes;
        this.timeout = timeout;
        this.retryInterval = retryInterval;
        this.maxWaiters = maxWaiters;
    }

    /**
     * Asks the gate, and waits when it answers {@link Full} and not too many claims wait already.
     *
     * @return the outcome that ended the wait, or the last one at the timeout; the first one when the claim did not
     *     wait
     */
    AdmissionOutcome ask(CouponId coupon, Supplier<AdmissionOutcome> gate) throws InterruptedException {
        AdmissionOutcome first = gate.get();
        if (!(first instanceof Full) || !tryJoin(coupon)) {
            return first;
        }
        // Joined before the gate is asked, so that a change between the two is not missed.
        try (CouponChangeNotifier.Waiter waiter = changes.register(coupon)) {
            long deadline = System.nanoTime() + timeout.toNanos();
            AdmissionOutcome outcome = gate.get();
            long interval = retryInterval.toNanos();
            for (long left = deadline - System.nanoTime(); !endsWait(outcome) && left > 0; left = deadline
                    - System.nanoTime()) {
                // A random share spreads the requests of all waiters over time.
                boolean woken = waiter
                        .await(Math.min(left, interval + ThreadLocalRandom.current().nextLong(interval)));
                interval = woken
                        ? Math.min(RECHECK_INTERVAL.toNanos(), retryInterval.toNanos())
                        : Math.min(2 * interval, retryInterval.toNanos());
                outcome = gate.get();
            }
            if (!(outcome instanceof Admitted)) {
                // Another waiter may need the stock for which this one was woken.
                waiter.wakeNext();
            }
            return outcome;
        } finally {
            leave(coupon);
        }
    }

    private boolean tryJoin(CouponId coupon) {
        synchronized (waiters) {
            boolean joins = waiters.getOrDefault(coupon, 0) < maxWaiters - allWaiters;
            if (joins) {
                waiters.merge(coupon, 1, Integer::sum);
                allWaiters++;
            }
            return joins;
        }
    }

    private void leave(CouponId coupon) {
        synchronized (waiters) {
            waiters.computeIfPresent(coupon, (_, count) -> count == 1 ? null : count - 1);
            allWaiters--;
        }
    }

    /** COLD and UNAVAILABLE do not end a wait: a short failure must not send all waiting claims to the log. */
    private static boolean endsWait(AdmissionOutcome outcome) {
        return switch (outcome) {
            case Admitted _,AlreadyIssued _,LimitReached _,InFlight _,Rejected _ -> true;
            case Full _,Cold _,Unavailable _ -> false;
        };
    }
}
