package io.firstcome.readmodel.requests;

import java.time.Instant;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/** What is known of one request. */
public sealed interface RequestStatus {

    /** The request meant. */
    Subject subject();

    /** It stands in the log since {@code appendedAt}, and no answer to that sending has been read. */
    record Pending(Subject subject, Instant appendedAt) implements RequestStatus {}

    /** The latest answer. */
    record Decided(Subject subject, CouponOutcome outcome) implements RequestStatus {}

    /**
     * Whose request it is.
     *
     * @param userId who claims; null for an operator's command, and where an outcome does not tell
     */
    record Subject(CouponId couponId, RequestId requestId, UserId userId) {

        /** Whom a command is about. */
        public static Subject of(CouponCommand command) {
            UserId userId = switch (command) {
                case IssueCoupon claim -> claim.userId();
                case DefineCoupon define -> null;
                case PauseCoupon pause -> null;
                case ResumeCoupon resume -> null;
                case CloseCoupon close -> null;
            };
            return new Subject(command.couponId(), command.requestId(), userId);
        }

        /** Whom an outcome is about. */
        public static Subject of(CouponOutcome outcome) {
            UserId userId = switch (outcome) {
                case CouponIssued issued -> issued.userId();
                case IssueRejected rejected -> rejected.userId();
                case CouponChanged changed -> null;
                case ChangeRejected rejected -> null;
                case CommandInvalid invalid -> null;
            };
            return new Subject(outcome.couponId(), outcome.requestId(), userId);
        }
    }
}
