package io.firstcome.testkit.replay;

import static io.firstcome.contract.RejectionReason.UNKNOWN_COUPON;

import java.time.Instant;
import java.util.HashMap;
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
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.LoggedCommand;
import io.firstcome.testkit.log.UnreadableCommand;

/**
 * A second implementation of the authority's rules with plain maps. It shares no code with the real authority, so that
 * an error there cannot hide here. It receives the records of {@code coupon-commands} in order and returns the expected
 * outcome of each.
 */
public final class ReferenceAuthority {

    private final Map<CouponId, ReferenceCoupon> coupons = new HashMap<>();

    /** The outcome of the next record; empty for an invalid record without a readable coupon or request id. */
    public Optional<CouponOutcome> decide(CommandRecord record) {
        return switch (record) {
            case LoggedCommand logged -> Optional.of(decide(logged));
            case UnreadableCommand invalid -> invalid.key()
                    .flatMap(key -> invalid.requestId()
                            .map(id -> new CommandInvalid(id, key, invalid.problem(), invalid.appendTime())));
        };
    }

    /** The state of a coupon after the records so far; empty when the coupon is not defined. */
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
            case RevokeIssue revoke -> new ChangeRejected(revoke.requestId(), revoke.couponId(), revoke.userId(),
                    ChangeRejectionReason.UNKNOWN_COUPON, now);
            case ArchiveCoupon archive -> unknown(archive, now);
        };
    }

    private static ChangeRejected unknown(CouponCommand command, Instant now) {
        return new ChangeRejected(command.requestId(), command.couponId(), ChangeRejectionReason.UNKNOWN_COUPON, now);
    }
}
