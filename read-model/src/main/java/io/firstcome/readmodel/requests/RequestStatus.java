package io.firstcome.readmodel.requests;

import java.time.Instant;

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

/** The status of one claim, as far as this ingress has read the log. */
public sealed interface RequestStatus {

    /** The claim. Its user is null while only the outcome of a command is known that could not be read. */
    Subject subject();

    /** The log contains the claim since {@code appendedAt} (broker time), and no answer to it has been read. */
    record Pending(Subject subject, Instant appendedAt) implements RequestStatus {}

    /**
     * The authority has decided; {@code outcome} is the latest answer. The outcome of a claim whose coupon was revoked
     * is the revocation, which names the claim as {@code claimRequestId}.
     */
    record Decided(Subject subject, CouponOutcome outcome) implements RequestStatus {}

    /**
     * Identifies a request and its sender. Two senders may choose the same request id, which then names two requests.
     *
     * @param userId the user who claims; null for another command, and for an outcome that does not name the user
     * @param revokedUser the user whose coupon the command revokes; null for another command
     */
    record Subject(CouponId couponId, RequestId requestId, UserId userId, UserId revokedUser) {

        /** The subject of a claim, or of an operator's command when the user is null. */
        public Subject(CouponId couponId, RequestId requestId, UserId userId) {
            this(couponId, requestId, userId, null);
        }

        /** The subject of a command. */
        public static Subject of(CouponCommand command) {
            return switch (command) {
                case IssueCoupon claim -> new Subject(claim.couponId(), claim.requestId(), claim.userId());
                case RevokeIssue revoke ->
                    new Subject(revoke.couponId(), revoke.requestId(), null, revoke.userId());
                case DefineCoupon _,PauseCoupon _,ResumeCoupon _,CloseCoupon _,ArchiveCoupon _ ->
                    new Subject(command.couponId(), command.requestId(), null);
            };
        }

        /** The subject of an outcome. */
        public static Subject of(CouponOutcome outcome) {
            return switch (outcome) {
                case CouponIssued issued -> new Subject(issued.couponId(), issued.requestId(), issued.userId());
                case IssueRejected rejected ->
                    new Subject(rejected.couponId(), rejected.requestId(), rejected.userId());
                case IssueRevoked revoked ->
                    new Subject(revoked.couponId(), revoked.requestId(), null, revoked.userId());
                case ChangeRejected rejected ->
                    new Subject(rejected.couponId(), rejected.requestId(), null, rejected.userId());
                case CouponChanged _,CommandInvalid _ ->
                    new Subject(outcome.couponId(), outcome.requestId(), null);
            };
        }

        /** The claim whose coupon was revoked. */
        static Subject ofClaim(IssueRevoked revoked) {
            return new Subject(revoked.couponId(), revoked.claimRequestId(), revoked.userId());
        }
    }
}
