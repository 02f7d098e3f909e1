package io.firstcome.testkit.replay;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CREATED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.UNCHANGED;
import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.contract.CouponStatus.CLOSED;
import static io.firstcome.contract.CouponStatus.PAUSED;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;

/** One coupon of the reference: everything that was ever decided about it, in variables. */
final class ReferenceCoupon {

    private final Map<UserId, CouponIssued> holders = new HashMap<>();
    private CouponDefinition definition;
    private CouponStatus status = ACTIVE;
    private long version = 1;
    private Instant clock;

    ReferenceCoupon(CouponDefinition definition, Instant now) {
        this.definition = definition;
        this.clock = now;
    }

    CouponState state() {
        return new CouponState(definition, status, version, holders.size());
    }

    CouponChanged created(RequestId requestId) {
        return new CouponChanged(requestId, CREATED, state(), clock);
    }

    /** Time of the log may step back; the coupon's own time does not. */
    CouponOutcome decide(CouponCommand command, Instant appendTime) {
        Instant now = appendTime.isAfter(clock) ? appendTime : clock;
        CouponOutcome outcome = switch (command) {
            case IssueCoupon claim -> claim(claim, now);
            case DefineCoupon define -> define(define, now);
            case PauseCoupon pause -> become(PAUSED, pause, now);
            case ResumeCoupon resume -> become(ACTIVE, resume, now);
            case CloseCoupon close -> become(CLOSED, close, now);
        };
        if (movesClock(outcome) && outcome.decidedAt().isAfter(clock)) {
            clock = outcome.decidedAt();
        }
        return outcome;
    }

    /** Other rejections change nothing that is stored, so that nobody can make the authority write by asking. */
    private static boolean movesClock(CouponOutcome outcome) {
        return outcome instanceof CouponIssued || outcome instanceof CouponChanged
                || outcome instanceof IssueRejected rejected && rejected.reason() == RejectionReason.ENDED;
    }

    private CouponOutcome claim(IssueCoupon claim, Instant now) {
        CouponIssued held = holders.get(claim.userId());
        if (held != null) {
            return held.requestId().equals(claim.requestId()) ? held : alreadyIssued(claim, held, now);
        }
        if (status == PAUSED) {
            return rejected(claim, RejectionReason.PAUSED, now);
        }
        // Even before the opening: to let somebody wait for what will not open would be a lie.
        if (status == CLOSED) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        return now.isBefore(definition.opensAt()) ? notStarted(claim, now) : claimAfterOpening(claim, now);
    }

    private CouponOutcome claimAfterOpening(IssueCoupon claim, Instant now) {
        if (!now.isBefore(definition.closesAt())) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        if (holders.size() >= definition.stock()) {
            return rejected(claim, RejectionReason.SOLD_OUT, now);
        }
        var issued = new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), holders.size() + 1, now);
        holders.put(claim.userId(), issued);
        return issued;
    }

    private static IssueRejected rejected(IssueCoupon claim, RejectionReason reason, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), reason, now, null, null);
    }

    private static IssueRejected alreadyIssued(IssueCoupon claim, CouponIssued held, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.ALREADY_ISSUED,
                now, held.sequence(), null);
    }

    private IssueRejected notStarted(IssueCoupon claim, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.NOT_STARTED, now,
                null, definition.opensAt());
    }

    private CouponOutcome define(DefineCoupon define, Instant now) {
        if (status == CLOSED) {
            return refused(define, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        if (define.definition().stock() < holders.size()) {
            return refused(define, ChangeRejectionReason.STOCK_BELOW_ISSUED, now);
        }
        if (define.definition().equals(definition)) {
            return done(define, UNCHANGED, now);
        }
        definition = define.definition();
        version++;
        return done(define, CHANGED, now);
    }

    private CouponOutcome become(CouponStatus wanted, CouponCommand command, Instant now) {
        if (status == wanted) {
            return done(command, UNCHANGED, now);
        }
        if (status == CLOSED) {
            return refused(command, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        status = wanted;
        version++;
        return done(command, CHANGED, now);
    }

    private CouponChanged done(CouponCommand command, Change change, Instant now) {
        return new CouponChanged(command.requestId(), change, state(), now);
    }

    private static ChangeRejected refused(CouponCommand command, ChangeRejectionReason reason, Instant now) {
        return new ChangeRejected(command.requestId(), command.couponId(), reason, now);
    }
}
