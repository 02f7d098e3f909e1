package io.firstcome.processor.issuance;

import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;

/**
 * Everything that a decision depends on and an outcome can change. The state is the fold of all outcomes.
 *
 * @param coupon the coupon; empty when it has not been defined
 * @param holding the coupon that the command's user holds; empty when the user holds none or the command has no user
 */
public record CouponSnapshot(Optional<Coupon> coupon, Optional<Holding> holding) {

    /**
     * The snapshot after {@code outcome}. Applying a repeated issue changes nothing.
     *
     * @throws IllegalStateException when the outcome is an issue and the snapshot has no coupon
     */
    public CouponSnapshot after(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> {
                Coupon known = coupon.orElseThrow(() -> new IllegalStateException("no definition precedes " + issued));
                yield new CouponSnapshot(Optional.of(known.after(issued)), Optional.of(Holding.of(issued)));
            }
            case CouponChanged changed -> new CouponSnapshot(Optional.of(coupon.map(known -> known.after(changed))
                    .orElseGet(() -> new Coupon(changed.state(), changed.decidedAt()))), holding);
            case IssueRejected rejected -> new CouponSnapshot(coupon.map(known -> known.after(rejected)), holding);
            case ChangeRejected _ -> this;
            case CommandInvalid _ -> this;
        };
    }
}
