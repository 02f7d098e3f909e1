package io.firstcome.processor.continuity;

import java.util.Optional;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.processor.continuity.PartitionFacts.PublishedState;

/** The stores of one task, as far as {@link LogContinuity} needs them. */
public interface StoredCoupons {

    /** Whether the stores have no coupon. */
    boolean isEmpty();

    /** The stored state of a coupon; empty when it is not stored. */
    Optional<CouponState> state(CouponId couponId);

    /** Whether any holder of the coupon is stored. */
    boolean hasHolders(CouponId couponId);

    /** Stores a state that the stores have lost. */
    void adopt(PublishedState published);
}
