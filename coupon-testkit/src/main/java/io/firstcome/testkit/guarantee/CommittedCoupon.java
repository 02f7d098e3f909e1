package io.firstcome.testkit.guarantee;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.testkit.evidence.CouponLog;

/** What the outcomes of one coupon add up to. It believes what it reads: judging is the guarantees' business. */
final class CommittedCoupon {

    private final Set<CouponIssued> issues = new LinkedHashSet<>();
    private Optional<CouponState> lastChange = Optional.empty();

    /** Every coupon that an outcome is about, in the order of the log. */
    static Map<CouponId, CommittedCoupon> of(CouponLog log) {
        Map<CouponId, CommittedCoupon> coupons = new LinkedHashMap<>();
        for (CouponOutcome outcome : log.decisions()) {
            coupons.computeIfAbsent(outcome.couponId(), id -> new CommittedCoupon()).apply(outcome);
        }
        return coupons;
    }

    private void apply(CouponOutcome outcome) {
        switch (outcome) {
            case CouponIssued issued -> issues.add(issued);
            case CouponChanged changed -> lastChange = Optional.of(changed.state());
            case IssueRejected rejected -> {
            }
            case ChangeRejected rejected -> {
            }
            case CommandInvalid invalid -> {
            }
        }
    }

    /** The issues, each once: the same outcome again, for a request delivered again, is the same issue. */
    List<CouponIssued> issues() {
        return List.copyOf(issues);
    }

    /** The largest number issued; 0 where none was. */
    long highestSequence() {
        return issues.stream().mapToLong(CouponIssued::sequence).max().orElse(0);
    }

    /** The state after the last change by an operator, as it was then; empty while nobody defined the coupon. */
    Optional<CouponState> lastChange() {
        return lastChange;
    }
}
