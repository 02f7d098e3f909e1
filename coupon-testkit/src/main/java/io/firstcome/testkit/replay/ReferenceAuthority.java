package io.firstcome.testkit.replay;

import static io.firstcome.contract.RejectionReason.UNKNOWN_COUPON;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.ChangeRejectionReason;
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
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.testkit.evidence.CommandRecord;
import io.firstcome.testkit.evidence.LoggedCommand;
import io.firstcome.testkit.evidence.UnreadableCommand;

/**
 * What the log means, said a second time: plain maps, no store, no batch, nothing shared with the real authority. It is
 * fed the records of {@code coupon-commands} in order, and says what each one's outcome has to be.
 */
public final class ReferenceAuthority {

    private final Map<CouponId, ReferenceCoupon> coupons = new HashMap<>();

    /** The outcome of the next record; empty for garbage that names no one to answer to. */
    public Optional<CouponOutcome> decide(CommandRecord received) {
        return switch (received) {
            case LoggedCommand logged -> Optional.of(decide(logged));
            case UnreadableCommand garbage -> garbage.key()
                    .flatMap(key -> garbage.requestId()
                            .map(id -> new CommandInvalid(id, key, garbage.problem(), garbage.appendTime())));
        };
    }

    /** Where a coupon stands after the records so far; empty while it is unknown. */
    public Optional<CouponState> stateOf(CouponId couponId) {
        return Optional.ofNullable(coupons.get(couponId)).map(ReferenceCoupon::state);
    }

    private CouponOutcome decide(LoggedCommand logged) {
        CouponCommand command = logged.command();
        if (!logged.key().equals(command.couponId())) {
            return new CommandInvalid(command.requestId(), logged.key(), "the key names another coupon",
                    logged.appendTime());
        }
        ReferenceCoupon coupon = coupons.get(logged.key());
        return coupon == null ? onUnknown(command, logged.appendTime()) : coupon.decide(command, logged.appendTime());
    }

    private CouponOutcome onUnknown(CouponCommand command, Instant now) {
        return switch (command) {
            case DefineCoupon define -> {
                var coupon = new ReferenceCoupon(define.definition(), now);
                coupons.put(define.couponId(), coupon);
                yield coupon.created(define.requestId());
            }
            case IssueCoupon claim -> new IssueRejected(claim.requestId(), claim.couponId(), claim.userId(),
                    UNKNOWN_COUPON, now, null, null);
            case PauseCoupon pause -> unknown(pause, now);
            case ResumeCoupon resume -> unknown(resume, now);
            case CloseCoupon close -> unknown(close, now);
        };
    }

    private static ChangeRejected unknown(CouponCommand command, Instant now) {
        return new ChangeRejected(command.requestId(), command.couponId(), ChangeRejectionReason.UNKNOWN_COUPON, now);
    }
}
