package io.firstcome.readmodel.requests;

import java.time.Instant;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.readmodel.requests.Awaited.Acknowledgement;
import io.firstcome.readmodel.requests.Awaited.AnswerTo;
import io.firstcome.readmodel.requests.Awaited.AnyAnswer;
import io.firstcome.readmodel.requests.Awaited.AnyChange;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The rules for the status of a claim: which status follows an event, and which outcome answers which command. Events
 * come from two topics that are read independently of each other, and a client may send a claim more than once. A claim
 * is identified by coupon, user and request id: what another user or an operator does under the same request id is no
 * event of this claim. Three facts lead to the rules:
 *
 * <ul>
 * <li>A decision carries the append time of its command or a later time. So an outcome from before {@code t} answers no
 * command that was appended at {@code t}.
 * <li>An issue is final, and the authority answers a repeated claim with the same issue. So an issue answers every
 * sending of the claim, at any time. A revocation is final in the same way: for the command that revokes,
 * and for the claim whose coupon is revoked, which is never issued a second one.
 * <li>The outcome of an unreadable command has exactly the append time of the command and names no user. At another
 * time it answers another command, which any writer of the topic may have given the same ids.
 * </ul>
 *
 * <p>{@code p} is the append time of the pending claim, {@code d} the time of the decision in the state. The sign
 * {@code =} means that the state does not change. REVOKED is the status of a claim whose coupon was revoked.
 *
 * <p>Event: the claim is read that was appended at {@code t}, or it was acknowledged at {@code t}.
 *
 * <pre>{@code
 * state                     condition             after
 * -----------------------   -------------------   ----------
 * nothing                   t <= forgottenUntil   =
 * nothing                   t > forgottenUntil    PENDING(t)
 * INVALID without a user    t = d                 INVALID
 * INVALID without a user    t < d, t > d          as nothing
 * PENDING                   t <= p                =
 * PENDING                   t > p                 PENDING(t)
 * ISSUED, REVOKED                                 =
 * REJECTED, INVALID         t <= d                =
 * REJECTED, INVALID         t > d                 PENDING(t)
 * }</pre>
 *
 * <p>Event: an outcome is read that was decided at {@code t}.
 *
 * <pre>{@code
 * state               condition   ISSUED   REJECTED   INVALID   REVOKED
 * -----------------   ---------   ------   --------   -------   -------
 * nothing                         ISSUED   REJECTED   INVALID   REVOKED
 * PENDING             t < p       ISSUED   =          =         REVOKED
 * PENDING             t = p       ISSUED   REJECTED   INVALID   REVOKED
 * PENDING             t > p       ISSUED   REJECTED   =         REVOKED
 * ISSUED                          ISSUED   =          =         REVOKED
 * REVOKED                         =        =          =         REVOKED
 * REJECTED                        ISSUED   REJECTED   =         REVOKED
 * INVALID                         ISSUED   REJECTED   INVALID   REVOKED
 * }</pre>
 *
 * <p>INVALID names no user. It is an event of one claim with its coupon and request id:
 *
 * <pre>{@code
 * claims with these ids   INVALID is an event of
 * ---------------------   --------------------------------
 * none                    the claim without a user
 * some                    the claim that was updated last
 * }</pre>
 */
final class RequestTransitions {

    private RequestTransitions() {}

    /**
     * The status after a claim was read or acknowledged.
     *
     * @param known the status before; null for nothing
     * @param withoutUser the status of the claim without a user that has the same ids; null for nothing
     * @param appendedAt when the broker appended the claim
     * @param forgottenUntil decisions on the coupon up to this time may have been forgotten: nothing would ever end a
     *     status PENDING of a claim from before it
     * @return null for nothing
     */
    static RequestStatus afterClaim(RequestStatus known, RequestStatus withoutUser, Subject subject,
            Instant appendedAt, Instant forgottenUntil) {
        return switch (known) {
            case null -> firstStatus(withoutUser, subject, appendedAt, forgottenUntil);
            case Pending(_, var earlier) -> appendedAt.isAfter(earlier) ? new Pending(subject, appendedAt) : known;
            case Decided(_, var outcome) -> isSince(appendedAt, outcome) ? known : new Pending(subject, appendedAt);
        };
    }

    private static RequestStatus firstStatus(RequestStatus withoutUser, Subject subject, Instant appendedAt,
            Instant forgottenUntil) {
        if (withoutUser instanceof Decided(_, CommandInvalid invalid) && isAnswer(appendedAt, invalid)) {
            // The outcome was read first; now the claim names its user.
            return new Decided(subject, invalid);
        }
        return appendedAt.isAfter(forgottenUntil) ? new Pending(subject, appendedAt) : null;
    }

    /**
     * The claim of which the outcome of an unreadable command is an event. {@link #afterOutcome} tells whether it
     * answers that claim.
     *
     * @param latest the status of the claim with these ids, of any user, that was updated last; null for nothing
     */
    static Subject claimOf(CommandInvalid invalid, RequestStatus latest) {
        return latest == null ? Subject.of(invalid) : latest.subject();
    }

    private static boolean isFinal(CouponOutcome outcome) {
        return outcome instanceof CouponIssued || outcome instanceof IssueRevoked;
    }

    /**
     * The status of a claim after its outcome was read, or the revocation of the coupon that was issued to it.
     *
     * @param known the status before; null for nothing
     */
    static RequestStatus afterOutcome(RequestStatus known, Subject subject, CouponOutcome outcome) {
        boolean changes = switch (known) {
            case null -> true;
            case Pending(_, var appendedAt) -> isAnswer(appendedAt, outcome);
            case Decided(_, CouponIssued _) -> isFinal(outcome);
            case Decided(_, IssueRevoked _) -> outcome instanceof IssueRevoked;
            case Decided(_, IssueRejected _) -> !(outcome instanceof CommandInvalid);
            case Decided _ -> true;
        };
        return changes ? new Decided(subject, outcome) : known;
    }

    /**
     * What a wait for any answer awaits. The answer to a command earlier than the pending one does not end the
     * wait.
     */
    static AnyAnswer anyAnswer(RequestStatus known) {
        return new AnyAnswer(known instanceof Pending(_, var appendedAt) ? appendedAt : Instant.MIN);
    }

    /** Whether an outcome ends a wait. */
    static boolean completes(Awaited awaited, CouponOutcome outcome) {
        return switch (awaited) {
            case Acknowledgement _ -> false;
            case AnswerTo(var subject, var appendedAt) -> isOf(subject, outcome) && isAnswer(appendedAt, outcome);
            case AnyAnswer(var appendedAt) -> isOfClaim(outcome)
                    && (appendedAt.equals(Instant.MIN) || isAnswer(appendedAt, outcome));
            case AnyChange _ -> true;
        };
    }

    private static boolean isOfClaim(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued _,IssueRejected _,IssueRevoked _,CommandInvalid _ -> true;
            case CouponChanged _,ChangeRejected _ -> false;
        };
    }

    private static boolean isSince(Instant appendedAt, CouponOutcome outcome) {
        return isFinal(outcome) || !outcome.decidedAt().isBefore(appendedAt);
    }

    /** Whether an outcome of these ids may answer the command that was appended at this time. */
    private static boolean isAnswer(Instant appendedAt, CouponOutcome outcome) {
        return outcome instanceof CommandInvalid
                ? outcome.decidedAt().equals(appendedAt)
                : isSince(appendedAt, outcome);
    }

    /** Whether an outcome may belong to a command of this subject. An unreadable command's outcome names no sender. */
    private static boolean isOf(Subject subject, CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> issued.userId().equals(subject.userId());
            case IssueRejected rejected -> rejected.userId().equals(subject.userId());
            case CommandInvalid _ -> true;
            case IssueRevoked revoked ->
                subject.equals(Subject.of(revoked)) || subject.equals(Subject.ofClaim(revoked));
            case CouponChanged _ -> subject.userId() == null && subject.revokedUser() == null;
            case ChangeRejected rejected -> subject.equals(Subject.of(rejected));
        };
    }
}
