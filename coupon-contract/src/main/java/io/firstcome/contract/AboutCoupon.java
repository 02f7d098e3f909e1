package io.firstcome.contract;

/** Anything that concerns exactly one coupon, and therefore belongs on that coupon's partition. */
public interface AboutCoupon {

    /** The coupon concerned: always the key of the record that carries this. */
    CouponId couponId();
}
