package io.firstcome.ingress.issuing;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.firstcome.contract.CouponId;
import io.firstcome.ingress.admission.AdmissionOutcome;
import io.firstcome.ingress.admission.AdmissionOutcome.Full;
import io.firstcome.ingress.registry.CouponMoves;

/** Asks again while all that is left is reserved: when the coupon moves, and now and then, as reservations expire. */
final class StockWait {

    private static final long ASK_AGAIN_MILLIS = 250;

    private final CouponMoves moves;
    private final Duration longest;
    private final Semaphore places;

    StockWait(CouponMoves moves, Duration longest, int waiters) {
        this.moves = moves;
        this.longest = longest;
        this.places = new Semaphore(waiters);
    }

    /** @return the first answer that is not {@link Full}, or {@link Full} when time or places have run out */
    AdmissionOutcome ask(CouponId coupon, Supplier<AdmissionOutcome> gate) throws InterruptedException {
        AdmissionOutcome first = gate.get();
        if (!(first instanceof Full) || !places.tryAcquire()) {
            return first;
        }
        try {
            return askUntil(System.nanoTime() + longest.toNanos(), coupon, gate);
        } finally {
            places.release();
        }
    }

    private AdmissionOutcome askUntil(long deadline, CouponId coupon, Supplier<AdmissionOutcome> gate)
            throws InterruptedException {
        while (true) {
            CompletableFuture<Void> move = moves.next(coupon);
            AdmissionOutcome outcome = gate.get();
            long left = deadline - System.nanoTime();
            if (!(outcome instanceof Full) || left <= 0) {
                return outcome;
            }
            await(move, Math.min(left, TimeUnit.MILLISECONDS.toNanos(someMillis())));
        }
    }

    /** Spread, or all who wait would ask in one instant. */
    private static long someMillis() {
        return ThreadLocalRandom.current().nextLong(ASK_AGAIN_MILLIS, 2 * ASK_AGAIN_MILLIS);
    }

    private static void await(CompletableFuture<Void> move, long nanos) throws InterruptedException {
        try {
            move.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            // No move seen: the reservations may have expired.
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
