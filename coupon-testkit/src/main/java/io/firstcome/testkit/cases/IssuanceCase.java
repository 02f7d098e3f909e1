package io.firstcome.testkit.cases;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/**
 * One example of what happens when a user claims a coupon.
 *
 * @param file the case file that it stands in
 * @param name a sentence that says what the example is about
 */
public record IssuanceCase(String file, String name, Given given, When when, Then then) {

    /**
     * Where things stand.
     *
     * @param coupon the coupon; empty while nobody has defined it, or for the gate: while it holds no facts
     * @param clock the coupon's own time so far, for the authority; without one no decision has moved it
     * @param holders those of the issued ones that matter; {@code coupon.issued()} may be larger
     * @param reservations what the gate holds in flight; the authority knows of none
     */
    public record Given(
            Optional<CouponState> coupon,
            Optional<Instant> clock,
            List<CouponIssued> holders,
            List<Reservation> reservations) {

        public Given {
            holders = List.copyOf(holders);
            reservations = List.copyOf(reservations);
        }
    }

    /** A claim in flight: whose it is, and until when the gate keeps its place. */
    public record Reservation(UserId userId, RequestId requestId, Instant until) {}

    /**
     * What happens.
     *
     * @param command the claim
     * @param now for the authority the record's append time, for the gate its own clock
     */
    public record When(IssueCoupon command, Instant now) {}

    /** What must be said, by each side that the case speaks of; at least one. */
    public record Then(Optional<CouponOutcome> policy, Optional<GateReply> gate) {}

    /** What a test report should show. */
    @Override
    public String toString() {
        return file + ": " + name;
    }
}
