package io.firstcome.processor.issuance;

import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;

/**
 * All that a decision depends on, and all that an outcome can change: the state is the fold of the outcomes.
 *
 * @param coupon the coupon, if it has been defined
 * @param holding what the command's user holds of it; empty too where a command has no user
 */
public record CouponSnapshot(Optional<Coupon> coupon, Optional<Holding> holding) {

    /**
     * What holds once {@code outcome} has been decided. Applying an issue that was answered again changes nothing.
     *
     * @throws IllegalStateException when something was issued of a coupon that is not in the snapshot
     */
    public CouponSnapshot after(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> new CouponSnapshot(
                    Optional.of(known(issued).after(issued)), Optional.of(Holding.of(issued)));
            case CouponChanged changed -> with(coupon.map(known -> known.after(changed))
                    .orElseGet(() -> new Coupon(changed.state(), changed.decidedAt())));
            case IssueRejected rejected -> coupon.map(known -> with(known.after(rejected))).orElse(this);
            case ChangeRejected _ -> this;
            case CommandInvalid _ -> this;
        };
    }

    private CouponSnapshot with(Coupon changed) {
        return new CouponSnapshot(Optional.of(changed), holding);
    }

    private Coupon known(CouponIssued issued) {
        return coupon.orElseThrow(() -> new IllegalStateException("no definition precedes " + issued));
    }
}
