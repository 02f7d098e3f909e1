package io.firstcome.testkit.guarantee.checks;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CouponLog;

/**
 * MySQL contains exactly the committed issues, each with the time of its revocation if it was revoked, and each coupon
 * as its last change, its last issue and its last revocation left it.
 */
public final class SinkMatches implements Guarantee {

    @Override
    public GuaranteeResult check(Evidence evidence) {
        return evidence.stored()
                .map(stored -> check(evidence.log(), stored))
                .orElseGet(() -> new GuaranteeResult.NotChecked("MySQL's rows were not collected"));
    }

    private static GuaranteeResult check(CouponLog log, StoredRows stored) {
        var violations = new ViolationCollector();
        Map<CouponId, CommittedCoupon> committed = CommittedCoupon.of(log);
        compare("issued_coupons", issues(committed), stored.issues(), violations);
        compare("coupons", coupons(committed), stored.coupons(), violations);
        return violations.orPass("%s of issued_coupons, %d of coupons",
                ViolationCollector.count(stored.issues().size(), "row"), stored.coupons().size());
    }

    private static List<StoredIssue> issues(Map<CouponId, CommittedCoupon> committed) {
        return committed.values().stream()
                .flatMap(coupon -> coupon.issues().stream().map(issued -> row(issued, coupon))).toList();
    }

    private static StoredIssue row(CouponIssued issued, CommittedCoupon coupon) {
        return new StoredIssue(issued.couponId(), issued.userId(), issued.sequence(), issued.requestId(),
                issued.issuedAt(), issued.nth(),
                coupon.revocationOf(issued.sequence()).map(IssueRevoked::revokedAt));
    }

    private static List<StoredCoupon> coupons(Map<CouponId, CommittedCoupon> committed) {
        return committed.values()
                .stream()
                .map(coupon -> coupon.lastChange().map(state -> row(state, coupon)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static StoredCoupon row(CouponState state, CommittedCoupon coupon) {
        return new StoredCoupon(state.couponId(), state.definition().stock(), coupon.issuedQuantity(), state.status(),
                coupon.revokedQuantity(), state.definition().perUser(), state.definition().reclaim());
    }

    /** Compares multisets, so a duplicate row is a violation too. */
    private static <T> void compare(String table, List<T> expected, List<T> actual, ViolationCollector violations) {
        Map<T, Integer> surplus = new HashMap<>();
        actual.forEach(row -> surplus.merge(row, 1, Integer::sum));
        expected.forEach(row -> surplus.merge(row, -1, Integer::sum));
        Set<T> rows = new LinkedHashSet<>(expected);
        rows.addAll(actual);
        for (T row : rows) {
            violations.addIf(surplus.get(row) < 0, "%s: missing %s", table, row);
            violations.addIf(surplus.get(row) > 0, "%s: unexpected %s", table, row);
        }
    }
}
