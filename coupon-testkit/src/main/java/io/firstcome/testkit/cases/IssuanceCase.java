package io.firstcome.testkit.cases;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * One example of a claim and its result.
 *
 * @param file the case file
 * @param name one sentence that describes the example
 */
public record IssuanceCase(String file, String name, Given given, When when, Then then) {

    /**
     * The state before the claim.
     *
     * @param coupon the coupon's state; empty when it is not defined (authority) or has no facts (gate)
     * @param clock the coupon's time before the claim (authority only); empty when no decision has advanced it
     * @param holders the holders that matter for the example; {@code coupon.issued()} may be larger
     * @param revoked all revoked issues; the gate knows only their sequences
     * @param reservations the claims in flight (gate only)
     */
    public record Given(
            Optional<CouponState> coupon,
            Optional<Instant> clock,
            List<CouponIssued> holders,
            List<Revoked> revoked,
            List<Reservation> reservations) {

        public Given {
            holders = List.copyOf(holders);
            revoked = List.copyOf(revoked);
            reservations = List.copyOf(reservations);
        }
    }

    /** An issue that was revoked before the claim. */
    public record Revoked(CouponIssued issued, Instant revokedAt) {}

    /** A claim in flight, and the time until which the gate keeps its reservation. */
    public record Reservation(UserId userId, RequestId requestId, Instant until) {}

    /**
     * The claim.
     *
     * @param now the record's append time for the authority, the gate's clock for the gate
     */
    public record When(IssueCoupon command, Instant now) {}

    /** The expected outcome of the policy and the expected reply of the gate; at least one is present. */
    public record Then(Optional<CouponOutcome> policy, Optional<GateReply> gate) {}

    /** The name shown in test reports. */
    @Override
    public String toString() {
        return file + ": " + name;
    }
}
