package io.firstcome.testkit.guarantee.checks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/**
 * No issue gives a user more of a coupon than the coupon allowed at that position of the log: one, unless its
 * definition says more. A lowered limit takes nothing away. The issues of a user are numbered 1, 2, 3 … by {@code nth},
 * revoked ones included.
 */
public final class OnePerUser implements Guarantee {

    private record Holder(CouponId couponId, UserId userId) {}

    /** What a user was issued: all issues, and the sequences that are not revoked. */
    private static final class Issues {

        private final List<CouponIssued> all = new ArrayList<>();
        private final List<Long> held = new ArrayList<>();
    }

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new ViolationCollector();
        Map<CouponId, Integer> limits = new HashMap<>();
        Map<Holder, Issues> issues = new HashMap<>();
        for (CouponOutcome outcome : evidence.log().decisions()) {
            switch (outcome) {
                case CouponChanged changed -> limits.put(changed.couponId(), changed.state().definition().perUser());
                case CouponIssued issued -> checkNext(issued,
                        issues.computeIfAbsent(new Holder(issued.couponId(), issued.userId()), _ -> new Issues()),
                        limits.getOrDefault(issued.couponId(), 1), violations);
                case IssueRevoked revoked -> issues.getOrDefault(new Holder(revoked.couponId(), revoked.userId()),
                        new Issues()).held.remove((Object) revoked.sequence());
                case IssueRejected _,ChangeRejected _,CommandInvalid _ -> {
                }
            }
        }
        long holders = issues.values().stream().filter(user -> !user.held.isEmpty()).count();
        int max = issues.values().stream().mapToInt(user -> user.held.size()).max().orElse(0);
        return violations.orPass(max > 1 ? "%s, at most %d coupons each" : "%s, one coupon each",
                ViolationCollector.count(holders, "holder"), max);
    }

    /** Equal outcomes, written for a repeated request, are one issue. */
    private static void checkNext(CouponIssued issued, Issues user, int limit, ViolationCollector violations) {
        if (user.all.contains(issued)) {
            return;
        }
        user.all.add(issued);
        user.held.add(issued.sequence());
        violations.addIf(user.held.size() > limit, "%s: %s may hold %d, but holds the sequences %s", issued.couponId(),
                issued.userId(), limit, user.held);
        violations.addIf(issued.nth() != user.all.size(), "%s: %s is issue %d of %s, but says %d", issued.couponId(),
                issued.requestId(), user.all.size(), issued.userId(), issued.nth());
    }
}
