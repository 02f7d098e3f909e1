package io.firstcome.testkit.facts;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.log.CouponLog;

/** The issues, the revocations and the last change of one coupon, collected from its outcomes without checking them. */
public final class CommittedCoupon {

    private final Set<CouponIssued> issues = new LinkedHashSet<>();
    private final Map<Long, IssueRevoked> revocations = new LinkedHashMap<>();
    private Optional<CouponState> lastChange = Optional.empty();

    /** All coupons with an outcome, in the order of their first outcome. */
    public static Map<CouponId, CommittedCoupon> of(CouponLog log) {
        Map<CouponId, CommittedCoupon> coupons = new LinkedHashMap<>();
        for (CouponOutcome outcome : log.decisions()) {
            coupons.computeIfAbsent(outcome.couponId(), _ -> new CommittedCoupon()).apply(outcome);
        }
        return coupons;
    }

    private void apply(CouponOutcome outcome) {
        switch (outcome) {
            case CouponIssued issued -> issues.add(issued);
            case IssueRevoked revoked -> revocations.putIfAbsent(revoked.sequence(), revoked);
            case CouponChanged changed -> lastChange = Optional.of(changed.state());
            case IssueRejected _,ChangeRejected _,CommandInvalid _ -> {
            }
        }
    }

    /** The distinct issues, revoked ones included: equal outcomes, written for a repeated request, are one issue. */
    public List<CouponIssued> issues() {
        return List.copyOf(issues);
    }

    /** The first revocation of the coupon with this sequence; empty when it was not revoked. */
    public Optional<IssueRevoked> revocationOf(long sequence) {
        return Optional.ofNullable(revocations.get(sequence));
    }

    /** The sequences that each user holds, in the order of the issues. */
    public Map<UserId, List<Long>> held() {
        Map<UserId, List<Long>> held = new LinkedHashMap<>();
        issues.stream().filter(issued -> !revocations.containsKey(issued.sequence()))
                .forEach(
                        issued -> held.computeIfAbsent(issued.userId(), _ -> new ArrayList<>()).add(issued.sequence()));
        return held;
    }

    /** The largest issued sequence; 0 when nothing was issued. */
    public long issuedQuantity() {
        return issues.stream().mapToLong(CouponIssued::sequence).max().orElse(0);
    }

    /** The number of revoked coupons. */
    public long revokedQuantity() {
        return revocations.size();
    }

    /** The state in the last {@code CouponChanged}; empty when the coupon was never defined. */
    public Optional<CouponState> lastChange() {
        return lastChange;
    }
}
