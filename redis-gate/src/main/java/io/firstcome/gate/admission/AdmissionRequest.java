package io.firstcome.gate.admission;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * One claim at the gate.
 *
 * @param known the newest committed state of the coupon that the caller knows; a gate that is behind it rejects no
 * claim
 */
public record AdmissionRequest(CouponState known, UserId userId, RequestId requestId) {

    /** The coupon claimed. */
    public CouponId couponId() {
        return known.couponId();
    }
}
