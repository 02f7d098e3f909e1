package io.firstcome.ingress.registry;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.firstcome.contract.CouponId;

/** Wakes those who wait for a coupon's facts to move, together and a moment later: the gate hears of it then, too. */
public final class CouponMoves {

    private static final Duration MOMENT = Duration.ofMillis(25);

    private final Map<CouponId, CompletableFuture<Void>> waiting = new ConcurrentHashMap<>();
    private final Executor later = CompletableFuture.delayedExecutor(MOMENT.toMillis(), TimeUnit.MILLISECONDS);

    /** The next move. Ask before asking the gate, lest a move between the two goes unseen. */
    public CompletableFuture<Void> next(CouponId couponId) {
        return waiting.computeIfAbsent(couponId, id -> new CompletableFuture<>());
    }

    /** Something happened that may free stock, end it or add to it. */
    public void moved(CouponId couponId) {
        CompletableFuture<Void> waiters = waiting.remove(couponId);
        if (waiters != null) {
            later.execute(() -> waiters.complete(null));
        }
    }
}
