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

    /** Whether everything has been read that was committed a moment ago about the coupons of a partition. */
    boolean isCurrent(int partition);

    /**
     * Whether everything about the coupons of a partition has been read that was committed at this moment, a value of
     * {@link System#nanoTime}. While the answer is no, call again until the answer is yes; the first call speeds up the
     * reading.
     */
    boolean isReadSince(int partition, long moment);
}
