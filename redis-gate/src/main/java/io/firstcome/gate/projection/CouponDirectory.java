package io.firstcome.gate.projection;

import java.util.Optional;
import java.util.stream.Stream;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/** The committed states of all coupons, as far as the process that runs the projector has read them. Thread-safe. */
public interface CouponDirectory {

    /** The newest committed state that has been read; empty when the coupon is not known. */
    Optional<CouponState> find(CouponId couponId);

    /** Every coupon that is known. */
    Stream<CouponState> all();

    /** Whether everything that was committed a moment ago has been read. */
    boolean isCurrent();
}
