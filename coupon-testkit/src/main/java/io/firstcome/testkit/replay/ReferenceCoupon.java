package io.firstcome.testkit.replay;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CREATED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.UNCHANGED;
import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.contract.CouponStatus.ARCHIVED;
import static io.firstcome.contract.CouponStatus.CLOSED;
import static io.firstcome.contract.CouponStatus.PAUSED;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/** The state of one coupon in the {@link ReferenceAuthority}. */
final class ReferenceCoupon {

    /** One issue, and its revocation once there is one. */
    private static final class Issue {

        private final CouponIssued outcome;
        private IssueRevoked revocation;

        Issue(CouponIssued outcome) {
            this.outcome = outcome;
        }
    }

    private final Map<UserId, List<Issue>> issuesOfUsers = new HashMap<>();
    private CouponDefinition definition;
    private CouponStatus status = ACTIVE;
    private long version = 1;
    private long issued;
    private long revoked;
    private Instant clock;

    ReferenceCoupon(CouponDefinition definition, Instant now) {
        this.definition = definition;
        this.clock = now;
    }

    CouponState state() {
        return new CouponState(definition, status, version, issued, revoked);
    }

    CouponChanged created(RequestId requestId) {
        return new CouponChanged(requestId, CREATED, state(), clock);
    }

    /** The coupon's time is the append time, but never earlier than an earlier time stored with the coupon. */
    CouponOutcome decide(CouponCommand command, Instant appendTime) {
        Instant now = appendTime.isAfter(clock) ? appendTime : clock;
        CouponOutcome outcome = switch (command) {
            case IssueCoupon claim -> claim(claim, now);
            case DefineCoupon define -> define(define, now);
            case PauseCoupon pause -> changeStatus(PAUSED, pause, now);
            case ResumeCoupon resume -> changeStatus(ACTIVE, resume, now);
            case CloseCoupon close -> changeStatus(CLOSED, close, now);
            case RevokeIssue revoke -> revoke(revoke, now);
            case ArchiveCoupon archive -> archive(archive, now);
        };
        if (advancesClock(outcome) && outcome.decidedAt().isAfter(clock)) {
            clock = outcome.decidedAt();
        }
        return outcome;
    }

    /** Rejections other than ENDED store nothing, so that clients cannot cause store writes with hopeless claims. */
    private static boolean advancesClock(CouponOutcome outcome) {
        return outcome instanceof CouponIssued || outcome instanceof IssueRevoked || outcome instanceof CouponChanged
                || outcome instanceof IssueRejected rejected && rejected.reason() == RejectionReason.ENDED;
    }

    private CouponOutcome claim(IssueCoupon claim, Instant now) {
        if (status == ARCHIVED) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        List<Issue> issues = issuesOf(claim.userId());
        for (Issue issue : issues) {
            if (issue.outcome.requestId().equals(claim.requestId())) {
                return issue.revocation == null ? issue.outcome : rejected(claim, RejectionReason.REVOKED, now);
            }
        }
        List<Long> held = issues.stream().filter(issue -> issue.revocation == null)
                .map(issue -> issue.outcome.sequence()).toList();
        if (held.size() >= definition.perUser()) {
            return held.size() > 1 ? limitReached(claim, held, now) : alreadyIssued(claim, held.getFirst(), now);
        }
        boolean mayReclaim = definition.reclaim() && issues.size() < CouponDefinition.MAX_ISSUES_PER_USER;
        if (!mayReclaim && issues.size() >= definition.perUser()) {
            return rejected(claim, RejectionReason.REVOKED, now);
        }
        if (status == PAUSED) {
            return rejected(claim, RejectionReason.PAUSED, now);
        }
        // Before the window opens too: NOT_STARTED would announce an opening that will not happen.
        if (status == CLOSED) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        if (now.isBefore(definition.opensAt())) {
            return notStarted(claim, now);
        }
        if (!now.isBefore(definition.closesAt())) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        if (issued - revoked >= definition.stock()) {
            return rejected(claim, RejectionReason.SOLD_OUT, now);
        }
        issued++;
        var outcome = new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), issued, now,
                issues.size() + 1);
        issues.add(new Issue(outcome));
        return outcome;
    }

    private List<Issue> issuesOf(UserId user) {
        return issuesOfUsers.computeIfAbsent(user, _ -> new ArrayList<>());
    }

    /** A coupon is revoked once, and every later command about it gets the time of that revocation. */
    private CouponOutcome revoke(RevokeIssue revoke, Instant now) {
        if (status == ARCHIVED) {
            return revokeRejected(revoke, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        List<Issue> issues = issuesOf(revoke.userId());
        Optional<Issue> before = issues.stream().filter(issue -> issue.revocation != null
                && issue.revocation.requestId().equals(revoke.requestId())).findFirst();
        if (before.isPresent()) {
            return revoked(before.get(), revoke);
        }
        List<Issue> candidates = issues.stream().filter(issue -> revoke.sequence() == null
                ? issue.revocation == null
                : issue.outcome.sequence() == revoke.sequence()).toList();
        if (candidates.isEmpty()) {
            return revokeRejected(revoke, ChangeRejectionReason.NOT_HELD, now);
        }
        if (candidates.size() > 1) {
            return revokeRejected(revoke, ChangeRejectionReason.SEQUENCE_REQUIRED, now);
        }
        Issue issue = candidates.getFirst();
        if (issue.revocation == null) {
            revoked++;
            issue.revocation = new IssueRevoked(revoke.requestId(), revoke.couponId(), revoke.userId(),
                    issue.outcome.sequence(), issue.outcome.requestId(), revoked, now);
        }
        return revoked(issue, revoke);
    }

    private IssueRevoked revoked(Issue issue, RevokeIssue revoke) {
        return new IssueRevoked(revoke.requestId(), revoke.couponId(), revoke.userId(), issue.outcome.sequence(),
                issue.outcome.requestId(), revoked, issue.revocation.revokedAt());
    }

    private static ChangeRejected revokeRejected(RevokeIssue revoke, ChangeRejectionReason reason, Instant now) {
        return new ChangeRejected(revoke.requestId(), revoke.couponId(), revoke.userId(), reason, now);
    }

    private static IssueRejected rejected(IssueCoupon claim, RejectionReason reason, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), reason, now, null, null);
    }

    private static IssueRejected alreadyIssued(IssueCoupon claim, long held, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.ALREADY_ISSUED,
                now, held, null);
    }

    private static IssueRejected limitReached(IssueCoupon claim, List<Long> held, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.LIMIT_REACHED,
                now, null, null, held);
    }

    private IssueRejected notStarted(IssueCoupon claim, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.NOT_STARTED, now,
                null, definition.opensAt());
    }

    private CouponOutcome define(DefineCoupon define, Instant now) {
        if (status == CLOSED || status == ARCHIVED) {
            return changeRejected(define, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        if (define.definition().stock() < issued - revoked) {
            return changeRejected(define, ChangeRejectionReason.STOCK_BELOW_ISSUED, now);
        }
        if (define.definition().equals(definition)) {
            return changed(define, UNCHANGED, now);
        }
        definition = define.definition();
        version++;
        return changed(define, CHANGED, now);
    }

    private CouponOutcome archive(ArchiveCoupon archive, Instant now) {
        if (status == ARCHIVED) {
            return changed(archive, UNCHANGED, now);
        }
        if (status != CLOSED && now.isBefore(definition.closesAt())) {
            return changeRejected(archive, ChangeRejectionReason.NOT_ENDED, now);
        }
        status = ARCHIVED;
        version++;
        return changed(archive, CHANGED, now);
    }

    private CouponOutcome changeStatus(CouponStatus newStatus, CouponCommand command, Instant now) {
        if (status == newStatus || status == ARCHIVED && newStatus == CLOSED) {
            return changed(command, UNCHANGED, now);
        }
        if (status == CLOSED || status == ARCHIVED) {
            return changeRejected(command, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        status = newStatus;
        version++;
        return changed(command, CHANGED, now);
    }

    private CouponChanged changed(CouponCommand command, Change change, Instant now) {
        return new CouponChanged(command.requestId(), change, state(), now);
    }

    private static ChangeRejected changeRejected(CouponCommand command, ChangeRejectionReason reason, Instant now) {
        return new ChangeRejected(command.requestId(), command.couponId(), reason, now);
    }
}
