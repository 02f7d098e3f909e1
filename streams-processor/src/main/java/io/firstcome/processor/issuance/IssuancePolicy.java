package io.firstcome.processor.issuance;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CREATED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.UNCHANGED;
import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.contract.CouponStatus.ARCHIVED;
import static io.firstcome.contract.CouponStatus.CLOSED;
import static io.firstcome.contract.CouponStatus.PAUSED;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

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
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.UserId;
import io.firstcome.processor.issuance.Holding.Revocation;

/**
 * All rules of FirstCome as a pure function: the same snapshot, command and time give the same outcome, in production
 * and in every replay of the log. This class uses no broker, no store and no clock.
 */
public final class IssuancePolicy {

    private IssuancePolicy() {}

    /**
     * Decides one command.
     *
     * @param snapshot the state of the command's coupon, and for a claim or a revocation what its user was issued
     * @param command the command
     * @param appendTime when the broker appended the command, in whole milliseconds
     */
    public static CouponOutcome decide(CouponSnapshot snapshot, CouponCommand command, Instant appendTime) {
        Instant decisionTime = snapshot.coupon().map(coupon -> coupon.timeAt(appendTime)).orElse(appendTime);
        return switch (command) {
            case IssueCoupon claim -> issue(snapshot, claim, decisionTime);
            case DefineCoupon define -> define(snapshot, define, decisionTime);
            case PauseCoupon pause -> changeStatus(snapshot, pause, PAUSED, decisionTime);
            case ResumeCoupon resume -> changeStatus(snapshot, resume, ACTIVE, decisionTime);
            case CloseCoupon close -> changeStatus(snapshot, close, CLOSED, decisionTime);
            case RevokeIssue revoke -> revoke(snapshot, revoke, decisionTime);
            case ArchiveCoupon archive -> archive(snapshot, archive, decisionTime);
        };
    }

    /** The order of the checks is part of the contract: the first that applies gives the reason. */
    private static CouponOutcome issue(CouponSnapshot snapshot, IssueCoupon claim, Instant decisionTime) {
        if (snapshot.coupon().isEmpty()) {
            return rejected(claim, RejectionReason.UNKNOWN_COUPON, decisionTime);
        }
        Coupon coupon = snapshot.coupon().get();
        // Before the user's issues are looked at, because an archived coupon has lost them.
        if (coupon.is(ARCHIVED)) {
            return rejected(claim, RejectionReason.ENDED, decisionTime);
        }
        CouponDefinition definition = coupon.definition();
        Holdings holdings = snapshot.holdings();
        Optional<Holding> repeated = holdings.ofClaim(claim.requestId());
        if (repeated.isPresent()) {
            Holding issue = repeated.get();
            // A repeated request gets the same issue again, even if the coupon has been paused or has ended since. It
            // never gets a second one: the coupon that was issued to it may have been revoked.
            return issue.isHeld()
                    ? new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), issue.sequence(),
                            issue.issuedAt(), holdings.nth(issue))
                    : rejected(claim, RejectionReason.REVOKED, decisionTime);
        }
        List<Holding> held = holdings.held();
        if (held.size() >= definition.perUser()) {
            return held.size() == 1
                    ? new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(),
                            RejectionReason.ALREADY_ISSUED, decisionTime, held.getFirst().sequence(), null)
                    : new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(),
                            RejectionReason.LIMIT_REACHED, decisionTime, null, null,
                            held.stream().map(Holding::sequence).toList());
        }
        int maxIssues = definition.reclaim() ? CouponDefinition.MAX_ISSUES_PER_USER : definition.perUser();
        if (holdings.all().size() >= maxIssues) {
            return rejected(claim, RejectionReason.REVOKED, decisionTime);
        }
        if (coupon.is(PAUSED)) {
            return rejected(claim, RejectionReason.PAUSED, decisionTime);
        }
        // Checked before NOT_STARTED, because a closed coupon never opens.
        if (coupon.is(CLOSED)) {
            return rejected(claim, RejectionReason.ENDED, decisionTime);
        }
        if (decisionTime.isBefore(definition.opensAt())) {
            return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.NOT_STARTED,
                    decisionTime, null, definition.opensAt());
        }
        if (!decisionTime.isBefore(definition.closesAt())) {
            return rejected(claim, RejectionReason.ENDED, decisionTime);
        }
        if (coupon.state().isSoldOut()) {
            return rejected(claim, RejectionReason.SOLD_OUT, decisionTime);
        }
        return new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), coupon.state().issued() + 1,
                decisionTime, holdings.all().size() + 1);
    }

    /** A coupon can be revoked at any time until it is archived, also after its end. */
    private static CouponOutcome revoke(CouponSnapshot snapshot, RevokeIssue revoke, Instant decisionTime) {
        if (snapshot.coupon().isEmpty()) {
            return changeRejected(revoke, ChangeRejectionReason.UNKNOWN_COUPON, decisionTime);
        }
        CouponState state = snapshot.coupon().get().state();
        if (state.status() == ARCHIVED) {
            return changeRejected(revoke, ChangeRejectionReason.COUPON_CLOSED, decisionTime);
        }
        Holdings holdings = snapshot.holdings();
        Optional<Holding> repeated = holdings.revokedBy(revoke.requestId());
        if (repeated.isPresent()) {
            return revoked(revoke, repeated.get(), state.revoked(), decisionTime);
        }
        List<Holding> held = holdings.held();
        if (revoke.sequence() == null && held.size() > 1) {
            return changeRejected(revoke, ChangeRejectionReason.SEQUENCE_REQUIRED, decisionTime);
        }
        Optional<Holding> named = revoke.sequence() == null
                ? held.stream().findFirst()
                : holdings.ofSequence(revoke.sequence());
        if (named.isEmpty()) {
            return changeRejected(revoke, ChangeRejectionReason.NOT_HELD, decisionTime);
        }
        Holding holding = named.get();
        return revoked(revoke, holding, state.revoked() + (holding.isHeld() ? 1 : 0), decisionTime);
    }

    /** A coupon that is revoked already keeps the time of its revocation. */
    private static IssueRevoked revoked(RevokeIssue revoke, Holding holding, long revoked, Instant decisionTime) {
        return new IssueRevoked(revoke.requestId(), revoke.couponId(), revoke.userId(), holding.sequence(),
                holding.requestId(), revoked, holding.revocation().map(Revocation::revokedAt).orElse(decisionTime));
    }

    private static CouponOutcome define(CouponSnapshot snapshot, DefineCoupon define, Instant decisionTime) {
        CouponDefinition wanted = define.definition();
        if (snapshot.coupon().isEmpty()) {
            return new CouponChanged(define.requestId(), CREATED, new CouponState(wanted, ACTIVE, 1, 0), decisionTime);
        }
        Coupon coupon = snapshot.coupon().get();
        if (coupon.state().status().isFinal()) {
            return changeRejected(define, ChangeRejectionReason.COUPON_CLOSED, decisionTime);
        }
        if (wanted.stock() < coupon.state().held()) {
            return changeRejected(define, ChangeRejectionReason.STOCK_BELOW_ISSUED, decisionTime);
        }
        return changed(define, coupon.state(), wanted, coupon.state().status(), decisionTime);
    }

    private static CouponOutcome changeStatus(CouponSnapshot snapshot, CouponCommand command, CouponStatus wanted,
            Instant decisionTime) {
        if (snapshot.coupon().isEmpty()) {
            return changeRejected(command, ChangeRejectionReason.UNKNOWN_COUPON, decisionTime);
        }
        Coupon coupon = snapshot.coupon().get();
        if (coupon.state().status().isFinal()) {
            // An archived coupon is closed too.
            return wanted == CLOSED
                    ? changed(command, coupon.state(), coupon.definition(), coupon.state().status(), decisionTime)
                    : changeRejected(command, ChangeRejectionReason.COUPON_CLOSED, decisionTime);
        }
        return changed(command, coupon.state(), coupon.definition(), wanted, decisionTime);
    }

    private static CouponOutcome archive(CouponSnapshot snapshot, ArchiveCoupon archive, Instant decisionTime) {
        if (snapshot.coupon().isEmpty()) {
            return changeRejected(archive, ChangeRejectionReason.UNKNOWN_COUPON, decisionTime);
        }
        Coupon coupon = snapshot.coupon().get();
        boolean hasEnded = coupon.state().status().isFinal() || !decisionTime.isBefore(coupon.definition().closesAt());
        return hasEnded
                ? changed(archive, coupon.state(), coupon.definition(), ARCHIVED, decisionTime)
                : changeRejected(archive, ChangeRejectionReason.NOT_ENDED, decisionTime);
    }

    private static CouponChanged changed(CouponCommand command, CouponState before, CouponDefinition definition,
            CouponStatus status, Instant decisionTime) {
        if (before.definition().equals(definition) && before.status() == status) {
            return new CouponChanged(command.requestId(), UNCHANGED, before, decisionTime);
        }
        var after = new CouponState(definition, status, before.version() + 1, before.issued(), before.revoked());
        return new CouponChanged(command.requestId(), CHANGED, after, decisionTime);
    }

    private static IssueRejected rejected(IssueCoupon claim, RejectionReason reason, Instant decisionTime) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), reason, decisionTime, null, null);
    }

    private static ChangeRejected changeRejected(CouponCommand command, ChangeRejectionReason reason,
            Instant decisionTime) {
        UserId user = command instanceof RevokeIssue revoke ? revoke.userId() : null;
        return new ChangeRejected(command.requestId(), command.couponId(), user, reason, decisionTime);
    }
}
