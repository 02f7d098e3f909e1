package io.firstcome.ingress.claims;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.gate.admission.AdmissionOutcome.Ended;
import io.firstcome.gate.admission.AdmissionOutcome.NotStarted;
import io.firstcome.gate.admission.AdmissionOutcome.Paused;
import io.firstcome.gate.admission.AdmissionOutcome.SoldOut;

/** What the authority's outcome means to the caller. */
final class Decision {

    private Decision() {}

    static ClaimResult of(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> new ClaimResult.Issued(issued.sequence(), issued.issuedAt());
            case IssueRejected rejected -> of(rejected);
            case CommandInvalid invalid -> new ClaimResult.Invalid(invalid.detail());
            case CouponChanged changed -> throw notOfAClaim(changed);
            case ChangeRejected rejected -> throw notOfAClaim(rejected);
        };
    }

    private static ClaimResult of(IssueRejected rejected) {
        return switch (rejected.reason()) {
            case UNKNOWN_COUPON -> new ClaimResult.UnknownCoupon();
            case ALREADY_ISSUED -> new ClaimResult.AlreadyIssued(rejected.heldSequence());
            case PAUSED -> new ClaimResult.Refused(new Paused());
            case NOT_STARTED -> new ClaimResult.Refused(new NotStarted(rejected.opensAt()));
            case ENDED -> new ClaimResult.Refused(new Ended());
            case SOLD_OUT -> new ClaimResult.Refused(new SoldOut());
        };
    }

    private static IllegalStateException notOfAClaim(CouponOutcome outcome) {
        return new IllegalStateException("a claim is never answered " + outcome);
    }
}
