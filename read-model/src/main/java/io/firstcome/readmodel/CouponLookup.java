package io.firstcome.readmodel;

import java.time.Duration;
import java.util.Optional;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.readmodel.coupons.CouponRegistry;

/**
 * Finds a coupon, and tells a coupon that was not defined from one whose definition has not been read yet: another
 * ingress may have answered the operator a moment ago.
 */
public final class CouponLookup {

    /** How long to wait for an answer of Kafka, and for the records up to the end that it names. */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final CouponRegistry registry;
    private final CouponCatchUp catchUp;
    private final Duration timeout;

    /** What is known about a coupon. */
    public sealed interface Result {

        /** The coupon's state, which was committed within the last fifteen seconds or is still valid. */
        record Known(CouponState state) implements Result {}

        /** The coupon had not been defined when it was looked up. */
        record Undefined() implements Result {}

        /** The latest records about the coupon have not been read. */
        record NotCurrent() implements Result {}
    }

    /** @param catchUp tells how far the coupon's states and outcomes have been read */
    public CouponLookup(CouponRegistry registry, CouponCatchUp catchUp) {
        this(registry, catchUp, TIMEOUT);
    }

    CouponLookup(CouponRegistry registry, CouponCatchUp catchUp, Duration timeout) {
        this.registry = registry;
        this.catchUp = catchUp;
        this.timeout = timeout;
    }

    /** Looks a coupon up. Waits up to a second before the answer that an unknown coupon is not defined. */
    public Result find(CouponId couponId) throws InterruptedException {
        if (!catchUp.isCurrent(couponId)) {
            return new Result.NotCurrent();
        }
        long asked = System.nanoTime();
        Optional<CouponState> known = registry.find(couponId);
        if (known.isPresent()) {
            return new Result.Known(known.get());
        }
        boolean read = catchUp.awaitReadSince(couponId, asked, timeout);
        // Read again: the definition may have come meanwhile.
        return registry.find(couponId).<Result>map(Result.Known::new)
                .orElseGet(() -> read ? new Result.Undefined() : new Result.NotCurrent());
    }
}
