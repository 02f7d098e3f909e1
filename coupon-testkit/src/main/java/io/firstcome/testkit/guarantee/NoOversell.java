package io.firstcome.testkit.guarantee;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.testkit.evidence.Evidence;

/**
 * No coupon is issued more often than the stock that held at that moment, and the numbers of the issued ones are
 * 1, 2, 3 … in the order of the log: none missing, none twice.
 */
public final class NoOversell implements Guarantee {

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new Violations();
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
        return violations.orPass("%d issued of %d coupons", seen.size(), counts.size());
    }

    private static void checkNext(CouponIssued issued, long count, long stock, Violations violations) {
        violations.addIf(count > stock, "%s: issue number %d (%s) with a stock of %d", issued.couponId(), count,
                issued.requestId(), stock);
        violations.addIf(issued.sequence() != count, "%s: %s got number %d where %d was due", issued.couponId(),
                issued.requestId(), issued.sequence(), count);
    }
}
