package io.firstcome.processor.issuance;

import java.time.Instant;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;

/**
 * A coupon as the authority keeps it.
 *
 * @param state what everybody may know of it
 * @param clock the latest time that an outcome has bound it to; its time never runs back behind that
 */
public record Coupon(CouponState state, Instant clock) {

    /** The coupon's time when a record reaches it: brokers' clocks differ, a coupon's time does not run backwards. */
    Instant timeAt(Instant recordTime) {
        return later(clock, recordTime);
    }

    Coupon after(CouponIssued issued) {
        long count = Math.max(state.issued(), issued.sequence());
        return new Coupon(state.withIssued(count), later(clock, issued.issuedAt()));
    }

    Coupon after(CouponChanged changed) {
        return new Coupon(changed.state(), later(clock, changed.decidedAt()));
    }

    /**
     * Who was told that the coupon is over must not see a later record win with an earlier time, so {@code ENDED} binds
     * the clock: one overwritten value, and at most one write a millisecond. No other rejection promises anything about
     * time, and none may cost a write: a stranger could send them without end.
     */
    Coupon after(IssueRejected rejected) {
        return switch (rejected.reason()) {
            case ENDED -> new Coupon(state, later(clock, rejected.decidedAt()));
            case UNKNOWN_COUPON, ALREADY_ISSUED, PAUSED, NOT_STARTED, SOLD_OUT -> this;
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
