package io.firstcome.testkit.guarantee.checks;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/**
 * At no time are more coupons issued than the stock at that time, and the sequences of a coupon are 1, 2, 3 … in the
 * order of the log, without gaps or repeats.
 */
public final class NoOversell implements Guarantee {

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new ViolationCollector();
        Map<CouponId, Long> stocks = new HashMap<>();
        Map<CouponId, Long> counts = new HashMap<>();
        Set<CouponIssued> seen = new HashSet<>();
        for (CouponOutcome outcome : evidence.log().decisions()) {
            if (outcome instanceof CouponChanged changed) {
                stocks.put(changed.couponId(), changed.state().definition().stock());
            } else if (outcome instanceof CouponIssued issued && seen.add(issued)) {
                long count = counts.merge(issued.couponId(), 1L, Long::sum);
                checkNext(issued, count, stocks.getOrDefault(issued.couponId(), 0L), violations);
            }
        }
        return violations.orPass("%s, %s", ViolationCollector.count(seen.size(), "issue"),
                ViolationCollector.count(counts.size(), "coupon"));
    }

    private static void checkNext(CouponIssued issued, long count, long stock, ViolationCollector violations) {
        violations.addIf(count > stock, "%s: issue %d (%s) exceeds the stock of %d", issued.couponId(), count,
                issued.requestId(), stock);
        violations.addIf(issued.sequence() != count, "%s: %s has sequence %d, expected %d", issued.couponId(),
                issued.requestId(), issued.sequence(), count);
    }
}
