package io.firstcome.processor.issuance;

import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CHANGED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.CREATED;
import static io.firstcome.contract.CouponOutcome.CouponChanged.Change.UNCHANGED;
import static io.firstcome.contract.CouponStatus.ACTIVE;
import static io.firstcome.contract.CouponStatus.CLOSED;
import static io.firstcome.contract.CouponStatus.PAUSED;

import java.time.Instant;

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
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;

/**
 * All rules of FirstCome as a pure function: the same snapshot, command and time give the same outcome, in production
 * and in every replay of the log. This class uses no broker, no store and no clock.
 */
public final class IssuancePolicy {

    private IssuancePolicy() {}

    /**
     * Decides one command.
     *
     * @param snapshot the state of the command's coupon, and for a claim the coupon that its user holds
     * @param command the command
     * @param recordTime when the broker appended the command, in whole milliseconds
     */
    public static CouponOutcome decide(CouponSnapshot snapshot, CouponCommand command, Instant recordTime) {
        Instant decisionTime = snapshot.coupon().map(coupon -> coupon.timeAt(recordTime)).orElse(recordTime);
        return switch (command) {
            case IssueCoupon claim -> issue(snapshot, claim, decisionTime);
            case DefineCoupon define -> define(snapshot, define, decisionTime);
            case PauseCoupon pause -> changeStatus(snapshot, pause, PAUSED, decisionTime);
            case ResumeCoupon resume -> changeStatus(snapshot, resume, ACTIVE, decisionTime);
            case CloseCoupon close -> changeStatus(snapshot, close, CLOSED, decisionTime);
        };
    }

    /** The order of the checks is part of the contract: the first that applies gives the reason. */
    private static CouponOutcome issue(CouponSnapshot snapshot, IssueCoupon claim, Instant decisionTime) {
        if (snapshot.coupon().isEmpty()) {
            return rejected(claim, RejectionReason.UNKNOWN_COUPON, decisionTime);
        }
        Coupon coupon = snapshot.coupon().get();
        if (snapshot.holding().isPresent()) {
            Holding held = snapshot.holding().get();
            // A repeated request gets the same issue again, even if the coupon has been paused or has ended since.
            return held.requestId().equals(claim.requestId())
                    ? new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), held.sequence(),
                            held.issuedAt())
                    : new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(),
                            RejectionReason.ALREADY_ISSUED, decisionTime, held.sequence(), null);
        }
        if (coupon.is(PAUSED)) {
            return rejected(claim, RejectionReason.PAUSED, decisionTime);
        }
        // Checked before NOT_STARTED, because a closed coupon never opens.
        if (coupon.is(CLOSED)) {
            return rejected(claim, RejectionReason.ENDED, decisionTime);
        }
        CouponDefinition definition = coupon.definition();
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
                decisionTime);
    }

    private static CouponOutcome define(CouponSnapshot snapshot, DefineCoupon define, Instant decisionTime) {
        CouponDefinition wanted = define.definition();
        if (snapshot.coupon().isEmpty()) {
            return new CouponChanged(define.requestId(), CREATED, new CouponState(wanted, ACTIVE, 1, 0), decisionTime);
        }
        Coupon coupon = snapshot.coupon().get();
        if (coupon.is(CLOSED)) {
            return changeRejected(define, ChangeRejectionReason.COUPON_CLOSED, decisionTime);
        }
        if (wanted.stock() < coupon.state().issued()) {
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
        if (coupon.is(CLOSED) && wanted != CLOSED) {
            return changeRejected(command, ChangeRejectionReason.COUPON_CLOSED, decisionTime);
        }
        return changed(command, coupon.state(), coupon.definition(), wanted, decisionTime);
    }

    private static CouponChanged changed(CouponCommand command, CouponState before, CouponDefinition definition,
            CouponStatus status, Instant decisionTime) {
        if (before.definition().equals(definition) && before.status() == status) {
            return new CouponChanged(command.requestId(), UNCHANGED, before, decisionTime);
        }
        var after = new CouponState(definition, status, before.version() + 1, before.issued());
        return new CouponChanged(command.requestId(), CHANGED, after, decisionTime);
    }

    private static IssueRejected rejected(IssueCoupon claim, RejectionReason reason, Instant decisionTime) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), reason, decisionTime, null, null);
    }

    private static ChangeRejected changeRejected(CouponCommand command, ChangeRejectionReason reason,
            Instant decisionTime) {
        return new ChangeRejected(command.requestId(), command.couponId(), reason, decisionTime);
    }
}
