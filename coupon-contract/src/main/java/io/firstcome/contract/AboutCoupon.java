package io.firstcome.contract;

import io.firstcome.contract.id.CouponId;

/** A value that concerns exactly one coupon. Its record is written to the partition of that coupon. */
public interface AboutCoupon {

    /** The coupon. Its id is the key of the record that carries this value. */
    CouponId couponId();
}
