package io.firstcome.testkit.facts;

import java.util.Optional;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.evidence.Answer;

/** Identifies a claim: answers, commands and outcomes with an equal key belong to the same claim. */
public record ClaimKey(CouponId couponId, RequestId requestId, UserId userId) {

    public static ClaimKey of(Answer answer) {
        return new ClaimKey(answer.couponId(), answer.requestId(), answer.userId());
    }

    public static Optional<ClaimKey> of(CouponCommand command) {
        return switch (command) {
            case IssueCoupon c -> Optional.of(new ClaimKey(c.couponId(), c.requestId(), c.userId()));
            case DefineCoupon _,PauseCoupon _,ResumeCoupon _,CloseCoupon _,RevokeIssue _,ArchiveCoupon _ ->
                Optional.empty();
        };
    }

    public static Optional<ClaimKey> of(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued o -> Optional.of(new ClaimKey(o.couponId(), o.requestId(), o.userId()));
            case IssueRejected o -> Optional.of(new ClaimKey(o.couponId(), o.requestId(), o.userId()));
            case CouponChanged _,ChangeRejected _,CommandInvalid _,IssueRevoked _ -> Optional.empty();
        };
    }

    /** The claim whose issue was revoked. */
    public static ClaimKey revokedBy(IssueRevoked revoked) {
        return new ClaimKey(revoked.couponId(), revoked.claimRequestId(), revoked.userId());
    }

    @Override
    public String toString() {
        return couponId + ": " + requestId + " of " + userId;
    }
}
