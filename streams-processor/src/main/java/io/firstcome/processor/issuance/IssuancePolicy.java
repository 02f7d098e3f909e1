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
 * Every rule of FirstCome, as a function: the same snapshot, command and time give the same outcome, here and in every
 * replay. It knows of no broker, no store and no clock.
 */
public final class IssuancePolicy {

    private IssuancePolicy() {}

    /**
     * Decides one command.
     *
     * @param snapshot what is known of the command's coupon, and of its user where it has one
     * @param command what somebody wants
     * @param recordTime when the broker took the command in, in whole milliseconds
     */
    public static CouponOutcome decide(CouponSnapshot snapshot, CouponCommand command, Instant recordTime) {
        Instant now = snapshot.coupon().map(coupon -> coupon.timeAt(recordTime)).orElse(recordTime);
        return switch (command) {
            case IssueCoupon issue -> issue(snapshot, issue, now);
            case DefineCoupon define -> define(snapshot, define, now);
            case PauseCoupon pause -> turn(snapshot, pause, PAUSED, now);
            case ResumeCoupon resume -> turn(snapshot, resume, ACTIVE, now);
            case CloseCoupon close -> turn(snapshot, close, CLOSED, now);
        };
    }

    private static CouponOutcome issue(CouponSnapshot snapshot, IssueCoupon claim, Instant now) {
        if (snapshot.coupon().isEmpty()) {
            return rejected(claim, RejectionReason.UNKNOWN_COUPON, now);
        }
        Coupon coupon = snapshot.coupon().get();
        return snapshot.holding().map(held -> repeated(claim, held, now)).orElseGet(() -> claimed(coupon, claim, now));
    }

    /** A claim by a holder: the request that won is told so again, word for word, whatever has happened since. */
    private static CouponOutcome repeated(IssueCoupon claim, Holding held, Instant now) {
        if (held.requestId().equals(claim.requestId())) {
            return new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), held.sequence(),
                    held.issuedAt());
        }
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.ALREADY_ISSUED,
                now, held.sequence(), null);
    }

    /** The order of the questions is part of the contract: the first that applies names the reason. */
    private static CouponOutcome claimed(Coupon coupon, IssueCoupon claim, Instant now) {
        CouponDefinition definition = coupon.definition();
        if (coupon.is(PAUSED)) {
            return rejected(claim, RejectionReason.PAUSED, now);
        }
        // Before NOT_STARTED: whoever waits for a closed coupon to open would wait in vain.
        if (coupon.is(CLOSED)) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        if (now.isBefore(definition.opensAt())) {
            return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), RejectionReason.NOT_STARTED,
                    now, null, definition.opensAt());
        }
        if (!now.isBefore(definition.closesAt())) {
            return rejected(claim, RejectionReason.ENDED, now);
        }
        if (coupon.state().isSoldOut()) {
            return rejected(claim, RejectionReason.SOLD_OUT, now);
        }
        return new CouponIssued(claim.requestId(), claim.couponId(), claim.userId(), coupon.state().issued() + 1, now);
    }

    private static CouponOutcome define(CouponSnapshot snapshot, DefineCoupon define, Instant now) {
        CouponDefinition wanted = define.definition();
        if (snapshot.coupon().isEmpty()) {
            return new CouponChanged(define.requestId(), CREATED, new CouponState(wanted, ACTIVE, 1, 0), now);
        }
        Coupon coupon = snapshot.coupon().get();
        if (coupon.is(CLOSED)) {
            return refused(define, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        if (wanted.stock() < coupon.state().issued()) {
            return refused(define, ChangeRejectionReason.STOCK_BELOW_ISSUED, now);
        }
        return changed(define, coupon.state(), wanted, coupon.state().status(), now);
    }

    private static CouponOutcome turn(CouponSnapshot snapshot, CouponCommand command, CouponStatus wanted,
            Instant now) {
        if (snapshot.coupon().isEmpty()) {
            return refused(command, ChangeRejectionReason.UNKNOWN_COUPON, now);
        }
        Coupon coupon = snapshot.coupon().get();
        if (coupon.is(CLOSED) && wanted != CLOSED) {
            return refused(command, ChangeRejectionReason.COUPON_CLOSED, now);
        }
        return changed(command, coupon.state(), coupon.definition(), wanted, now);
    }

    private static CouponChanged changed(CouponCommand command, CouponState before, CouponDefinition definition,
            CouponStatus status, Instant now) {
        if (before.definition().equals(definition) && before.status() == status) {
            return new CouponChanged(command.requestId(), UNCHANGED, before, now);
        }
        var after = new CouponState(definition, status, before.version() + 1, before.issued());
        return new CouponChanged(command.requestId(), CHANGED, after, now);
    }

    private static IssueRejected rejected(IssueCoupon claim, RejectionReason reason, Instant now) {
        return new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(), reason, now, null, null);
    }

    private static ChangeRejected refused(CouponCommand command, ChangeRejectionReason reason, Instant now) {
        return new ChangeRejected(command.requestId(), command.couponId(), reason, now);
    }
}
