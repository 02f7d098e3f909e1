package io.firstcome.processor.topology;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;

/** The part of a coupon that only operators change: a value of the store {@code coupons}. */
record CouponConfig(CouponDefinition definition, CouponStatus status, long version) {

    static CouponConfig of(CouponState state) {
        return new CouponConfig(state.definition(), state.status(), state.version());
    }

    CouponState with(IssueCounter counter) {
        return new CouponState(definition, status, version, counter.issued(), counter.revoked());
    }
}
