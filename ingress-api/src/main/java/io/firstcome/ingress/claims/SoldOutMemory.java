package io.firstcome.ingress.claims;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.coupons.CouponHolders;

/**
 * Tells which claims of a sold-out coupon memory may reject: those of users who surely hold no coupon. A claim with an
 * Idempotency-Key may have been sent before, and its first sending may still be on the way to the log, where a restock
 * may precede it. So such a claim is rejected only after all sendings from before the sell-out have ended: Redis has
 * said that no reservation is left, or they have had enough time.
 */
final class SoldOutMemory {

    private final CouponHolders holders;
    private final HolderFill fill;
    private final Duration longestSending;
    private final LongSupplier nanoTime;
    private final Map<CouponId, SellOut> sellOuts = new ConcurrentHashMap<>();

    /**
     * A sell-out as this ingress knows it.
     *
     * @param version the version of the coupon that is sold out
     * @param seenNanos when a claim with a key met the sell-out first
     * @param settled whether no reservation was left after it
     */
    private record SellOut(long version, long seenNanos, boolean settled) {}

    /**
     * @param fill reads missing holders
     * @param longestSending how long after a sell-out a claim may still reach the log that was sent before
     */
    SoldOutMemory(CouponHolders holders, HolderFill fill, Duration longestSending, LongSupplier nanoTime) {
        this.holders = holders;
        this.fill = fill;
        this.longestSending = longestSending;
        this.nanoTime = nanoTime;
    }

    /**
     * Whether memory may reject a claim.
     *
     * @param state a committed state of the coupon, which is sold out
     * @param hasKey whether the claim may have been sent before
     */
    boolean mayReject(CouponState state, UserId userId, boolean hasKey) {
        if (!holders.isComplete(state)) {
            fill.request(state.couponId());
            return false;
        }
        return holders.isSurelyNoHolder(state, userId) && (!hasKey || isSettled(state));
    }

    private boolean isSettled(CouponState state) {
        SellOut known = sellOuts.get(state.couponId());
        if (known == null || known.version != state.version()) {
            sellOuts.put(state.couponId(), new SellOut(state.version(), nanoTime.getAsLong(), false));
            return false;
        }
        return known.settled || nanoTime.getAsLong() - known.seenNanos > longestSending.toNanos();
    }

    /** Redis has answered that this coupon is sold out and that no reservation is left. */
    void settled(CouponState state) {
        sellOuts.put(state.couponId(), new SellOut(state.version(), nanoTime.getAsLong(), true));
    }
}
