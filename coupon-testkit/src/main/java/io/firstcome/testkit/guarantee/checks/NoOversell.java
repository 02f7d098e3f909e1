package io.firstcome.testkit.guarantee.checks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/**
 * At no position of the log are more coupons held than the stock at that position, and the sequences of a coupon are 1,
 * 2, 3 … in the order of the log, without gaps or repeats. A revoked coupon is not held any more; its sequence is never
 * given again, and only a coupon that its user held can be revoked.
 */
public final class NoOversell implements Guarantee {

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new ViolationCollector();
        Map<CouponId, Count> counts = new HashMap<>();
        for (CouponOutcome outcome : evidence.log().decisions()) {
            Count count = counts.computeIfAbsent(outcome.couponId(), _ -> new Count());
            switch (outcome) {
                case CouponChanged changed -> count.change(changed, violations);
                case CouponIssued issued -> count.issue(issued, violations);
                case IssueRevoked revoked -> count.revoke(revoked, violations);
                case IssueRejected _,ChangeRejected _,CommandInvalid _ -> {
                }
            }
        }
        long issues = counts.values().stream().mapToLong(it -> it.issues.size()).sum();
        long revoked = counts.values().stream().mapToLong(it -> it.revoked.size()).sum();
        return violations.orPass("%s%s, %s", ViolationCollector.count(issues, "issue"),
                revoked == 0 ? "" : " of which %,d revoked".formatted(revoked), ViolationCollector.count(
                        counts.values().stream().filter(it -> !it.issues.isEmpty()).count(), "coupon"));
    }

    /** What was issued of one coupon up to a position of the log. */
    private static final class Count {

        private final Set<CouponIssued> issues = new HashSet<>();
        private final Map<Long, CouponIssued> bySequence = new HashMap<>();
        private final Map<Long, IssueRevoked> revoked = new HashMap<>();
        private long stock;

        void change(CouponChanged changed, ViolationCollector violations) {
            stock = changed.state().definition().stock();
            violations.addIf(held() > stock, "%s: %s sets the stock to %d, but %d are held", changed.couponId(),
                    changed.requestId(), stock, held());
        }

        /** Equal outcomes, written for a repeated request, are one issue. */
        void issue(CouponIssued issued, ViolationCollector violations) {
            if (!issues.add(issued)) {
                return;
            }
            violations.addIf(issued.sequence() != issues.size(), "%s: %s has sequence %d, expected %d",
                    issued.couponId(), issued.requestId(), issued.sequence(), issues.size());
            bySequence.putIfAbsent(issued.sequence(), issued);
            violations.addIf(held() > stock, "%s: issue %d (%s) exceeds the stock of %d%s", issued.couponId(),
                    issues.size(), issued.requestId(), stock,
                    revoked.isEmpty() ? "" : ", with " + revoked.size() + " revoked");
        }

        void revoke(IssueRevoked outcome, ViolationCollector violations) {
            CouponIssued issued = bySequence.get(outcome.sequence());
            boolean wasIssued = issued != null && issued.userId().equals(outcome.userId())
                    && issued.requestId().equals(outcome.claimRequestId());
            violations.addIf(!wasIssued, "%s: %s revokes sequence %d of %s, which is %s", outcome.couponId(),
                    outcome.requestId(), outcome.sequence(), outcome.userId(), issued == null ? "not issued" : issued);
            IssueRevoked first = revoked.putIfAbsent(outcome.sequence(), outcome);
            violations.addIf(first != null && !first.revokedAt().equals(outcome.revokedAt()),
                    "%s: sequence %d was revoked as %s and later as %s", outcome.couponId(), outcome.sequence(), first,
                    outcome);
            violations.addIf(outcome.revoked() != revoked.size(), "%s: %s counts %d revoked, expected %d",
                    outcome.couponId(), outcome.requestId(), outcome.revoked(), revoked.size());
        }

        private long held() {
            return issues.size() - revoked.size();
        }
    }
}
