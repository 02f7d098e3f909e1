package io.firstcome.processor.issuance;

import java.time.Instant;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;

/**
 * A coupon as the authority stores it.
 *
 * @param state the published state
 * @param clock the latest time of the coupon's issues, revocations, changes and {@code ENDED} rejections. No later
 *     decision on the coupon gets an earlier time; a repeated issue keeps the time of the issue
 */
public record Coupon(CouponState state, Instant clock) {

    /**
     * The time of a decision: the record's time, or the clock when the record's time is earlier. Record times may step
     * back when another broker becomes leader.
     */
    Instant timeAt(Instant appendTime) {
        return later(clock, appendTime);
    }

    Coupon after(CouponIssued issued) {
        long count = Math.max(state.issued(), issued.sequence());
        return new Coupon(state.withIssued(count), later(clock, issued.issuedAt()));
    }

    Coupon after(IssueRevoked revoked) {
        long count = Math.max(state.revoked(), revoked.revoked());
        return new Coupon(state.withRevoked(count), later(clock, revoked.revokedAt()));
    }

    Coupon after(CouponChanged changed) {
        return new Coupon(changed.state(), later(clock, changed.decidedAt()));
    }

    /**
     * {@code ENDED} moves the clock, so that no later record is issued with a time before the end. This overwrites one
     * value, at most once per millisecond. No other rejection depends on time, and none causes a write: any caller can
     * provoke an unlimited number of rejections.
     */
    Coupon after(IssueRejected rejected) {
        return switch (rejected.reason()) {
            case ENDED -> new Coupon(state, later(clock, rejected.decidedAt()));
            case UNKNOWN_COUPON, ALREADY_ISSUED, LIMIT_REACHED, REVOKED, PAUSED, NOT_STARTED, SOLD_OUT -> this;
        };
    }

    CouponDefinition definition() {
        return state.definition();
    }

    boolean is(CouponStatus status) {
        return state.status() == status;
    }

    private static Instant later(Instant one, Instant other) {
        return other.isAfter(one) ? other : one;
    }
}
