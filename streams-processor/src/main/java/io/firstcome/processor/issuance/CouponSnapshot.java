package io.firstcome.processor.issuance;

import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;

/**
 * Everything that a decision depends on and an outcome can change. The state is the fold of all outcomes.
 *
 * @param coupon the coupon; empty when it has not been defined
 * @param holdings what the command's user was issued of the coupon; none when the command has no user
 */
public record CouponSnapshot(Optional<Coupon> coupon, Holdings holdings) {

    /**
     * The snapshot after {@code outcome}. Applying a repeated issue or a repeated revocation changes nothing.
     *
     * @throws IllegalStateException when the outcome is an issue or a revocation and the snapshot has no coupon
     */
    public CouponSnapshot after(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> {
                Coupon known = coupon.orElseThrow(() -> new IllegalStateException("no definition precedes " + issued));
                yield new CouponSnapshot(Optional.of(known.after(issued)), holdings.after(issued));
            }
            case IssueRevoked revoked -> {
                Coupon known = coupon.orElseThrow(() -> new IllegalStateException("no definition precedes " + revoked));
                yield new CouponSnapshot(Optional.of(known.after(revoked)), holdings.after(revoked));
            }
            case CouponChanged changed -> new CouponSnapshot(Optional.of(coupon.map(known -> known.after(changed))
                    .orElseGet(() -> new Coupon(changed.state(), changed.decidedAt()))), holdings);
            case IssueRejected rejected -> new CouponSnapshot(coupon.map(known -> known.after(rejected)), holdings);
            case ChangeRejected _ -> this;
            case CommandInvalid _ -> this;
        };
    }
}
