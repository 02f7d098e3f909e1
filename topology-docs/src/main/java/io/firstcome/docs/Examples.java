package io.firstcome.docs;

import java.time.Instant;
import java.util.List;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/** One value of every type in the topics, with a description. The exhaustive switches require one for each new type. */
final class Examples {

    private static final CouponId COUPON = new CouponId("summer-2026");
    private static final UserId USER = new UserId("user-17");
    private static final RequestId CLAIM = new RequestId("0198f2c4-6b1e-7d3a-9c55-2f0a7b9e4d10");
    private static final RequestId CHANGE = new RequestId("0198f2c4-0000-7a01-8b22-51d6c3e0f7aa");
    private static final Instant OPENS = Instant.parse("2026-08-01T10:00:00Z");
    private static final Instant DECIDED = OPENS.plusMillis(17);
    private static final CouponDefinition DEFINITION = new CouponDefinition(COUPON, "Summer sale", 500, OPENS,
            Instant.parse("2026-08-02T10:00:00Z"));

    private static final CouponDefinition LIMITED = new CouponDefinition(COUPON, "Summer sale", 500, OPENS,
            Instant.parse("2026-08-02T10:00:00Z"), 3, false);
    private static final CouponState STATE = new CouponState(DEFINITION, CouponStatus.ACTIVE, 1, 42);

    static final List<CouponState> STATES = List.of(STATE, new CouponState(LIMITED, CouponStatus.ACTIVE, 2, 42, 1));

    static final List<CouponCommand> COMMANDS = List.of(
            new DefineCoupon(CHANGE, DEFINITION),
            new DefineCoupon(CHANGE, LIMITED),
            new PauseCoupon(CHANGE, COUPON),
            new ResumeCoupon(CHANGE, COUPON),
            new CloseCoupon(CHANGE, COUPON),
            new IssueCoupon(CLAIM, COUPON, USER),
            new RevokeIssue(CHANGE, COUPON, USER, null),
            new RevokeIssue(CHANGE, COUPON, USER, 42L),
            new ArchiveCoupon(CHANGE, COUPON));

    static final List<CouponOutcome> OUTCOMES = List.of(
            new CouponIssued(CLAIM, COUPON, USER, 42, DECIDED),
            new CouponIssued(CLAIM, COUPON, USER, 57, DECIDED.plusSeconds(60), 2),
            new IssueRejected(CLAIM, COUPON, USER, RejectionReason.SOLD_OUT, DECIDED, null, null),
            new IssueRejected(CLAIM, COUPON, USER, RejectionReason.ALREADY_ISSUED, DECIDED, 42L, null),
            new IssueRejected(CLAIM, COUPON, USER, RejectionReason.NOT_STARTED, OPENS.minusMillis(3), null, OPENS),
            new IssueRejected(CLAIM, COUPON, USER, RejectionReason.LIMIT_REACHED, DECIDED, null, null,
                    List.of(7L, 42L)),
            new IssueRejected(CLAIM, COUPON, USER, RejectionReason.REVOKED, DECIDED.plusSeconds(7200), null, null),
            new IssueRevoked(CHANGE, COUPON, USER, 42, CLAIM, 1, DECIDED.plusSeconds(3600)),
            new CouponChanged(CHANGE, CouponChanged.Change.CREATED, STATE.withIssued(0), OPENS.minusSeconds(3600)),
            new ChangeRejected(CHANGE, COUPON, ChangeRejectionReason.STOCK_BELOW_ISSUED, DECIDED),
            new ChangeRejected(CHANGE, COUPON, USER, ChangeRejectionReason.NOT_HELD, DECIDED),
            new CommandInvalid(CLAIM, COUPON, "userId is missing", DECIDED));

    private Examples() {}

    static String meaning(CouponCommand command) {
        return switch (command) {
            case DefineCoupon define when define.definition().perUser() > 1 ->
                "The same with a limit of `perUser` coupons (without it: 1), and without claims after a revocation"
                        + " (`reclaim`; without it: true).";
            case DefineCoupon _ -> "Creates the coupon, or changes its name, stock, window or limits.";
            case PauseCoupon _ -> "Pauses the coupon: claims are rejected until it is resumed.";
            case ResumeCoupon _ -> "Ends a pause.";
            case CloseCoupon _ -> "Closes the coupon permanently.";
            case IssueCoupon _ -> "A user's claim to be issued the coupon.";
            case ArchiveCoupon _ ->
                "Archives an ended coupon: the authority forgets its holders. Cannot be undone.";
            case RevokeIssue revoke -> revoke.sequence() == null
                    ? "Takes the only coupon that the user holds away from the user."
                    : "Takes one of several coupons away from its user.";
        };
    }

    static String meaning(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued when issued.nth() > 1 ->
                "The user's second issue of this coupon: `nth` counts a user's issues, revoked ones included.";
            case CouponIssued _ ->
                "The claim succeeded. `sequence` is the position in first-come order: 1, 2, 3 … without gaps.";
            case IssueRejected rejected -> meaning(rejected.reason());
            case IssueRevoked _ ->
                "An issued coupon was revoked. Its sequence is never issued again, and its place returns to the stock."
                        + " `revoked` counts the coupon's revocations so far. A repeated command is answered with the"
                        + " same sequence and time.";
            case CouponChanged _ -> "An operator's command was carried out. `state` is the coupon's state after it.";
            case ChangeRejected rejected when rejected.userId() != null ->
                "A revocation was rejected and changed nothing. `userId` is the user whose coupon it names.";
            case ChangeRejected _ -> "An operator's command was rejected and changed nothing.";
            case CommandInvalid _ ->
                "The record is not a valid command for its key. The record is copied to the dead letters.";
        };
    }

    private static String meaning(RejectionReason reason) {
        return switch (reason) {
            case UNKNOWN_COUPON -> "The coupon has not been defined.";
            case ALREADY_ISSUED -> "The user already holds the coupon, issued to another request as `heldSequence`.";
            case LIMIT_REACHED -> "The user holds as many as the coupon allows; `heldSequences` are their sequences.";
            case REVOKED -> "The coupon issued to this request was revoked, or the user may not claim again after a"
                    + " revocation.";
            case PAUSED -> "An operator has paused the coupon.";
            case NOT_STARTED -> "The claim was appended to the log before `opensAt`.";
            case ENDED -> "The claim was appended to the log at or after `closesAt`, or the coupon is closed.";
            case SOLD_OUT -> "The whole stock is held by users.";
        };
    }
}
