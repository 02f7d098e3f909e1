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

/** The status of one request, as far as this ingress has read the log. */
public sealed interface RequestStatus {

    /** The request, and the user who sent it. */
    Subject subject();

    /** The log contains the command since {@code appendedAt} (broker time), and no answer to it has been read. */
    record Pending(Subject subject, Instant appendedAt) implements RequestStatus {}

    /** The authority has decided; {@code outcome} is the latest answer. */
    record Decided(Subject subject, CouponOutcome outcome) implements RequestStatus {}

    /**
     * Identifies a request and its sender.
     *
     * @param userId the user who claims; null for an operator's command, and for an outcome that does not name the user
     */
    record Subject(CouponId couponId, RequestId requestId, UserId userId) {

        /** The subject of a command. */
        public static Subject of(CouponCommand command) {
            UserId userId = switch (command) {
                case IssueCoupon claim -> claim.userId();
                case DefineCoupon _ -> null;
                case PauseCoupon _ -> null;
                case ResumeCoupon _ -> null;
                case CloseCoupon _ -> null;
                case RevokeIssue _ -> null;
                case ArchiveCoupon _ -> null;
            };
            return new Subject(command.couponId(), command.requestId(), userId);
        }

        /** The subject of an outcome. */
        public static Subject of(CouponOutcome outcome) {
            UserId userId = switch (outcome) {
                case CouponIssued issued -> issued.userId();
                case IssueRejected rejected -> rejected.userId();
                case IssueRevoked _ -> null;
                case CouponChanged _ -> null;
                case ChangeRejected _ -> null;
                case CommandInvalid _ -> null;
            };
            return new Subject(outcome.couponId(), outcome.requestId(), userId);
        }
    }
}
