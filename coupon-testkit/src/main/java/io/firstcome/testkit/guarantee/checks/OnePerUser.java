package io.firstcome.testkit.guarantee.checks;

import java.util.HashMap;
import java.util.Map;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.UserId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;

/** No user holds a coupon more than once. */
public final class OnePerUser implements Guarantee {

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new ViolationCollector();
        int holders = 0;
        for (CommittedCoupon coupon : CommittedCoupon.of(evidence.log()).values()) {
            Map<UserId, CouponIssued> firsts = new HashMap<>();
            for (CouponIssued issued : coupon.issues()) {
                CouponIssued first = firsts.putIfAbsent(issued.userId(), issued);
                violations.addIf(first != null, "%s: two issues to one user: %s and %s", issued.couponId(), first,
                        issued);
            }
            holders += firsts.size();
        }
        return violations.orPass("%s, one coupon each", ViolationCollector.count(holders, "holder"));
    }
}
