package io.firstcome.ingress.limits;

import java.util.HashMap;
import java.util.Map;

import io.firstcome.contract.id.CouponId;

/**
 * Limits how many claims wait for reserved stock at the same time. The waiters of one coupon leave a tenth of the
 * places free, so that claims on another coupon can always wait; once they do, both crowds get equal shares, because
 * all waits are short.
 */
public final class StockWaiters {

    /** A further claim of a coupon waits only while the coupon has fewer waiters than so many times the free places. */
    private static final int SHARE = 9;

    private final int max;
    /** By coupon; guarded by itself, as the sum is. */
    private final Map<CouponId, Integer> waiters = new HashMap<>();
    private int all;

    /** @param max how many claims may wait at the same time, on all coupons */
    public StockWaiters(int max) {
        this.max = max;
    }

    /** The limit with which {@code claims} claims on one coupon can wait. */
    static int enoughFor(int claims) {
        return claims + claims / SHARE + 1;
    }

    /** Counts one more waiter of a coupon, unless too many wait. */
    public boolean tryJoin(CouponId coupon) {
        synchronized (waiters) {
            int free = max - all;
            // The last place is for the first waiter of a coupon, which a crowd on another coupon must not keep out.
            boolean joins = of(coupon) == 0 ? free > 0 : of(coupon) < (long) SHARE * (free - 1);
            if (joins) {
                waiters.merge(coupon, 1, Integer::sum);
                all++;
            }
            return joins;
        }
    }

    /** Counts one waiter of a coupon less. */
    public void leave(CouponId coupon) {
        synchronized (waiters) {
            waiters.computeIfPresent(coupon, (_, count) -> count == 1 ? null : count - 1);
            all--;
        }
    }

    /** How many claims wait on this coupon. */
    public int of(CouponId coupon) {
        synchronized (waiters) {
            return waiters.getOrDefault(coupon, 0);
        }
    }

    /** How many claims wait, on all coupons. */
    public int all() {
        synchronized (waiters) {
            return all;
        }
    }
}
