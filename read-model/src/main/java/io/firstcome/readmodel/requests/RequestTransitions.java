package io.firstcome.readmodel.requests;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * What is known of a request after the next that is read of it. Claims and outcomes are read independently of each other,
 * a request may be sent more than once, and two may have chosen the same id, an operator and a user too.
 */
final class RequestTransitions {

    private RequestTransitions() {}

    /** @param known what was known before; null for nothing */
    static RequestStatus after(RequestStatus known, CouponOutcome outcome) {
        Subject subject = subject(known, outcome);
        boolean stands = switch (known) {
            case null -> false;
            // The answer to an earlier sending leaves a later one pending.
            case Pending pending -> !PendingReply.answers(outcome, pending.appendedAt());
            // An issue is for ever; what else is read of it is older and read again.
            case Decided decided -> decided.outcome() instanceof CouponIssued && !(outcome instanceof CouponIssued);
        };
        return stands && concerns(known.subject(), outcome) ? known : new Decided(subject, outcome);
    }

    /** Whose command could not be read is told by what was read of the claim itself. */
    private static Subject subject(RequestStatus known, CouponOutcome outcome) {
        return outcome instanceof CommandInvalid && known != null ? known.subject() : Subject.of(outcome);
    }

    /**
     * After a claim has been read that stands in the log since {@code appendedAt}.
     *
     * @param known what was known before; null for nothing
     */
    static RequestStatus after(RequestStatus known, Subject subject, Instant appendedAt) {
        return switch (known) {
            case null -> new Pending(subject, appendedAt);
            case Pending pending when !pending.appendedAt().isBefore(appendedAt) -> known;
            case Pending earlier -> new Pending(subject, appendedAt);
            case Decided decided when !isAnswer(decided.outcome(), subject, appendedAt) ->
                new Pending(subject, appendedAt);
            case Decided decided when decided.outcome() instanceof CommandInvalid ->
                new Decided(subject, decided.outcome());
            case Decided decided -> known;
        };
    }

    /** Decisions come in the order of the log: one on a later sending by somebody else follows the one on this. */
    private static boolean isAnswer(CouponOutcome outcome, Subject subject, Instant appendedAt) {
        return concerns(subject, outcome)
                ? PendingReply.answers(outcome, appendedAt)
                : !outcome.decidedAt().isBefore(appendedAt);
    }

    /** Whether an outcome may answer a request of this subject. */
    static boolean concerns(Subject asked, CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> issued.userId().equals(asked.userId());
            case IssueRejected rejected -> rejected.userId().equals(asked.userId());
            // Whose it was could not be read.
            case CommandInvalid invalid -> true;
            case CouponChanged changed -> asked.userId() == null;
            case ChangeRejected rejected -> asked.userId() == null;
        };
    }
}
