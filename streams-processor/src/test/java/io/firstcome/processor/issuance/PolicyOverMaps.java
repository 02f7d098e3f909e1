package io.firstcome.processor.issuance;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/** The policy with maps instead of stores. It decides a sequence of commands, or applies outcomes decided before. */
final class PolicyOverMaps {

    private record Holder(CouponId couponId, UserId userId) {}

    private final Map<CouponId, Coupon> coupons = new HashMap<>();
    private final Map<Holder, Holdings> holdings = new HashMap<>();

    static PolicyOverMaps rebuiltFrom(List<CouponOutcome> outcomes) {
        var rebuilt = new PolicyOverMaps();
        outcomes.forEach(rebuilt::apply);
        return rebuilt;
    }

    CouponOutcome decide(Instant appendTime, CouponCommand command) {
        Optional<UserId> user = switch (command) {
            case IssueCoupon claim -> Optional.of(claim.userId());
            case RevokeIssue revoke -> Optional.of(revoke.userId());
            case DefineCoupon _,PauseCoupon _,ResumeCoupon _,CloseCoupon _,ArchiveCoupon _ -> Optional.empty();
        };
        CouponOutcome outcome = IssuancePolicy.decide(snapshot(command.couponId(), user), command, appendTime);
        apply(outcome);
        return outcome;
    }

    CouponSnapshot snapshot(CouponId couponId, Optional<UserId> user) {
        return new CouponSnapshot(Optional.ofNullable(coupons.get(couponId)),
                user
                        .map(id -> holdings.getOrDefault(new Holder(couponId, id), Holdings.NONE))
                        .orElse(Holdings.NONE));
    }

    private void apply(CouponOutcome outcome) {
        Optional<UserId> user = userOf(outcome);
        CouponSnapshot after = snapshot(outcome.couponId(), user).after(outcome);
        after.coupon().ifPresent(coupon -> coupons.put(outcome.couponId(), coupon));
        if (!after.holdings().all().isEmpty()) {
            holdings.put(new Holder(outcome.couponId(), user.orElseThrow()), after.holdings());
        }
    }

    private static Optional<UserId> userOf(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> Optional.of(issued.userId());
            case IssueRejected rejected -> Optional.of(rejected.userId());
            case IssueRevoked revoked -> Optional.of(revoked.userId());
            case CouponChanged _ -> Optional.empty();
            case ChangeRejected _ -> Optional.empty();
            case CommandInvalid _ -> Optional.empty();
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PolicyOverMaps maps && coupons.equals(maps.coupons) && holdings.equals(maps.holdings);
    }

    @Override
    public int hashCode() {
        return coupons.hashCode() + 31 * holdings.hashCode();
    }

    @Override
    public String toString() {
        return coupons + " " + holdings;
    }
}
