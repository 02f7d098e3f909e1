package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

import io.firstcome.contract.CouponId;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.Refusal;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;

/** Asks again while all that is left is reserved: when the coupon moves, and now and then, as reservations expire. */
final class StockWait {

    static final Duration ASK_AGAIN = Duration.ofMillis(250);

    private final CouponChangeNotifier moves;
    private final Duration longest;
    private final Duration askAgain;
    private final Semaphore places;

    /**
     * @param longest how long a claim waits at most
     * @param waiters how many claims may wait at the same time
     * @param askAgain how long nobody asks again without a move; some ask after up to twice as long
     */
    StockWait(CouponChangeNotifier moves, Duration longest, int waiters, Duration askAgain) {
        this.moves = moves;
        this.longest = longest;
        this.askAgain = askAgain;
        this.places = new Semaphore(waiters);
    }

    /** @return the first answer that is not {@link Full}, or the last one when time or places have run out */
    AdmissionOutcome ask(CouponId coupon, Supplier<AdmissionOutcome> gate) throws InterruptedException {
        AdmissionOutcome first = gate.get();
        if (!(first instanceof Full) || !places.tryAcquire()) {
            return first;
        }
        try (CouponChangeNotifier.Waiter place = moves.register(coupon)) {
            AdmissionOutcome outcome = askUntil(System.nanoTime() + longest.toNanos(), place, gate);
            if (!(outcome instanceof Admitted)) {
                place.wakeNext();
            }
            return outcome;
        } finally {
            places.release();
        }
    }

    private AdmissionOutcome askUntil(long deadline, CouponChangeNotifier.Waiter place, Supplier<AdmissionOutcome> gate)
            throws InterruptedException {
        while (true) {
            AdmissionOutcome outcome = gate.get();
            long left = deadline - System.nanoTime();
            if (isAnswer(outcome) || left <= 0) {
                return outcome;
            }
            place.await(Math.min(left, some(askAgain.toNanos())));
        }
    }

    /**
     * Whoever waits anyway need not go to the log because the gate is cold or busy for a moment, as it is when a sell-out
     * calls thousands at once.
     */
    private static boolean isAnswer(AdmissionOutcome outcome) {
        return switch (outcome) {
            case Admitted admitted -> true;
            case AlreadyIssued held -> true;
            case InFlight other -> true;
            case Refusal refusal -> true;
            case Full full -> false;
            case Cold cold -> false;
            case Unavailable unavailable -> false;
        };
    }

    /** Spread, or all who wait would ask in one instant. */
    private static long some(long nanos) {
        return nanos + ThreadLocalRandom.current().nextLong(nanos);
    }
}
