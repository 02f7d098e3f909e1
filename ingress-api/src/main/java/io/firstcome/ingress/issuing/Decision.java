package io.firstcome.ingress.issuing;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.ingress.admission.AdmissionOutcome.Ended;
import io.firstcome.ingress.admission.AdmissionOutcome.NotStarted;
import io.firstcome.ingress.admission.AdmissionOutcome.Paused;
import io.firstcome.ingress.admission.AdmissionOutcome.SoldOut;

/** What the authority's outcome means to the caller. */
final class Decision {

    private Decision() {}

    static IssueAnswer of(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> new IssueAnswer.Issued(issued.sequence(), issued.issuedAt());
            case IssueRejected rejected -> of(rejected);
            case CommandInvalid invalid -> new IssueAnswer.Invalid(invalid.detail());
            case CouponChanged changed -> throw notOfAClaim(changed);
            case ChangeRejected rejected -> throw notOfAClaim(rejected);
        };
    }

    private static IssueAnswer of(IssueRejected rejected) {
        return switch (rejected.reason()) {
            case UNKNOWN_COUPON -> new IssueAnswer.UnknownCoupon();
            case ALREADY_ISSUED -> new IssueAnswer.AlreadyIssued(rejected.heldSequence());
            case PAUSED -> new IssueAnswer.Refused(new Paused());
            case NOT_STARTED -> new IssueAnswer.Refused(new NotStarted(rejected.opensAt()));
            case ENDED -> new IssueAnswer.Refused(new Ended());
            case SOLD_OUT -> new IssueAnswer.Refused(new SoldOut());
        };
    }

    private static IllegalStateException notOfAClaim(CouponOutcome outcome) {
        return new IllegalStateException("a claim is never answered " + outcome);
    }
}
