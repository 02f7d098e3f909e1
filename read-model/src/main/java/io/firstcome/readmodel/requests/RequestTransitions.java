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
 * The rules for the status of a request: which status follows an event, and which outcome answers which command. Events
 * come from two topics that are read independently of each other, a client may send a request more than once, and two
 * senders may choose the same id. Three facts lead to the rules:
 *
 * <ul>
 * <li>A decision carries the append time of its command or a later time. So an outcome from before {@code t} answers no
 * command that was appended at {@code t}.
 * <li>An issue is final, and the authority answers a repeated claim with the same issue. So an issue answers every
 * command of its user, whatever the times are. A revocation is final in the same way: for the command that revokes, and
 * for the claim whose coupon is revoked, which is never issued a second one.
 * <li>The authority decides commands in log order. So an outcome for another sender, decided at or after {@code t},
 * implies that a command appended at {@code t} is decided too.
 * </ul>
 *
 * <p>{@code S} is the subject (user or operator) of the event; "same" and "other" compare it with the subject of the
 * state. {@code p} is the append time of the pending command, {@code d} the time of the decision in the state. The sign
 * {@code =} means that the state does not change. CHANGED covers both outcomes of an operator's command. REVOKED is the
 * status of a claim whose coupon was revoked, REVOCATION the status of the command that revoked the coupon.
 *
 * <p>Event: a claim is read that was appended at {@code t}, or a command was acknowledged at {@code t}.
 *
 * <pre>{@code
 * state      condition             same subject    other subject
 * --------   -------------------   -------------   -------------
 * nothing    t <= forgottenUntil   =               =
 * nothing    t > forgottenUntil    PENDING(S, t)   PENDING(S, t)
 * PENDING    t <= p                =               =
 * PENDING    t > p                 PENDING(S, t)   PENDING(S, t)
 * ISSUED     t <= d                =               =
 * ISSUED     t > d                 =               PENDING(S, t)
 * REJECTED   t <= d                =               =
 * REJECTED   t > d                 PENDING(S, t)   PENDING(S, t)
 * INVALID    t <= d                INVALID(S)      INVALID(S)
 * INVALID    t > d                 PENDING(S, t)   PENDING(S, t)
 * CHANGED    t <= d                =               =
 * CHANGED    t > d                 PENDING(S, t)   PENDING(S, t)
 * REVOKED    t <= d                =               =
 * REVOKED    t > d                 =               PENDING(S, t)
 * REVOCATION t <= d                =               =
 * REVOCATION t > d                 =               PENDING(S, t)
 * }</pre>
 *
 * <p>Event: an outcome is read that was decided at {@code t}. An INVALID outcome names no user: it counts as one of the
 * same subject, and the state keeps the subject that it has.
 *
 * <pre>{@code
 * state                       condition       ISSUED   REJECTED   INVALID   CHANGED   REVOCATION
 * -------------------------   -------------   ------   --------   -------   -------   ----------
 * nothing                                     ISSUED   REJECTED   INVALID   CHANGED   REVOCATION
 * PENDING                     t < p, same     ISSUED   =          =         =         REVOCATION
 * PENDING                     t < p, other    ISSUED   REJECTED   -         CHANGED   REVOCATION
 * PENDING                     t >= p          ISSUED   REJECTED   INVALID   CHANGED   REVOCATION
 * ISSUED                      same            ISSUED   =          =         -         -
 * ISSUED                      other           ISSUED   REJECTED   -         CHANGED   REVOCATION
 * REVOKED                     same            =        =          =         -         -
 * REVOKED                     other           ISSUED   REJECTED   -         CHANGED   REVOCATION
 * REJECTED, INVALID,
 * CHANGED, REVOCATION                         ISSUED   REJECTED   INVALID   CHANGED   REVOCATION
 * }</pre>
 *
 * <p>Event: a revocation is read that names the request as the claim. The status becomes REVOKED, unless it is the
 * status of another user's request or of an operator's command.
 */
final class RequestTransitions {

    private RequestTransitions() {}

    /**
     * The status after a claim was read, or a command was acknowledged.
     *
     * @param known the status before; null for nothing
     * @param appendedAt when the broker appended the command
     * @param forgottenUntil decisions up to this time may have been forgotten: nothing would ever end a status PENDING
     *     of a command from before it
     * @return null for nothing
     */
    static RequestStatus afterCommand(RequestStatus known, Subject subject, Instant appendedAt,
            Instant forgottenUntil) {
        return switch (known) {
            case null -> appendedAt.isAfter(forgottenUntil) ? new Pending(subject, appendedAt) : null;
            case Pending(_, var earlier) -> appendedAt.isAfter(earlier) ? new Pending(subject, appendedAt) : known;
            case Decided(_, var outcome) when !isDecided(subject, appendedAt, outcome) ->
                new Pending(subject, appendedAt);
            case Decided(_, CommandInvalid invalid) -> new Decided(subject, invalid);
            case Decided _ -> known;
        };
    }

    /** Whether an outcome shows that the authority has decided a command. */
    private static boolean isDecided(Subject subject, Instant appendedAt, CouponOutcome outcome) {
        return (isFinal(outcome) && isOf(subject, outcome)) || !outcome.decidedAt().isBefore(appendedAt);
    }

    private static boolean isFinal(CouponOutcome outcome) {
        return outcome instanceof CouponIssued || outcome instanceof IssueRevoked;
    }

    /**
     * The status after an outcome was read.
     *
     * @param known the status before; null for nothing
     */
    static RequestStatus afterOutcome(RequestStatus known, CouponOutcome outcome) {
        boolean keeps = switch (known) {
            case null -> false;
            case Pending(var subject, var appendedAt) -> isOf(subject, outcome) && !isSince(appendedAt, outcome);
            case Decided(var subject, CouponIssued _) -> isOf(subject, outcome) && !(outcome instanceof CouponIssued);
            case Decided(var subject, IssueRevoked _) -> subject.userId() != null && isOf(subject, outcome);
            case Decided _ -> false;
        };
        if (keeps) {
            return known;
        }
        // The outcome of an unreadable command names no user; the claim that was read before does.
        boolean namesSubject = known == null || !(outcome instanceof CommandInvalid);
        return new Decided(namesSubject ? Subject.of(outcome) : known.subject(), outcome);
    }

    /**
     * The status of a claim after the revocation of its coupon was read.
     *
     * @param known the status before; null for nothing
     */
    static RequestStatus afterRevocation(RequestStatus known, IssueRevoked revoked) {
        Subject claim = Subject.ofClaim(revoked);
        // A command that revokes may have used the id of the claim.
        boolean isOther = known != null && !known.subject().equals(claim)
                && !revoked.userId().equals(known.subject().revokedUser());
        return isOther ? known : new Decided(claim, revoked);
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
            case AnswerTo(var subject, var appendedAt) -> isOf(subject, outcome) && isSince(appendedAt, outcome);
            case AnyAnswer(var appendedAt) -> isSince(appendedAt, outcome);
            case AnyChange _ -> true;
        };
    }

    private static boolean isSince(Instant appendedAt, CouponOutcome outcome) {
        return isFinal(outcome) || !outcome.decidedAt().isBefore(appendedAt);
    }

    /** Whether an outcome may belong to a command of this subject. */
    private static boolean isOf(Subject subject, CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> issued.userId().equals(subject.userId());
            case IssueRejected rejected -> rejected.userId().equals(subject.userId());
            case CommandInvalid _ -> true;
            case IssueRevoked revoked ->
                subject.equals(Subject.of(revoked)) || subject.equals(Subject.ofClaim(revoked));
            case CouponChanged _ -> subject.userId() == null && subject.revokedUser() == null;
            case ChangeRejected _ -> subject.userId() == null;
        };
    }
}
