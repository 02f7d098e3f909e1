package io.firstcome.processor.topology;

import java.time.Instant;

import io.firstcome.processor.issuance.Coupon;

/** The part of a coupon that every claim may change: a value of the store {@code issued-counts}. */
record IssueCounter(long issued, long revoked, Instant clock) {

    static IssueCounter of(Coupon coupon) {
        return new IssueCounter(coupon.state().issued(), coupon.state().revoked(), coupon.clock());
    }
}
