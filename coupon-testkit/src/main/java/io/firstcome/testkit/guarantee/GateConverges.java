package io.firstcome.testkit.guarantee;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.UserId;
import io.firstcome.testkit.evidence.CouponLog;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;

/** The gate's facts and holders are what the outcomes add up to, for every coupon. */
public final class GateConverges implements Guarantee {

    @Override
    public GuaranteeResult check(Evidence evidence) {
        return evidence.gate()
                .map(gate -> check(evidence.log(), gate))
                .orElseGet(() -> new GuaranteeResult.NotChecked("the gate's keys were not collected"));
    }

    private static GuaranteeResult check(CouponLog log, Map<CouponId, GateView> gate) {
        var violations = new Violations();
        Map<CouponId, GateView> expected = expected(log);
        expected.forEach((couponId, due) -> compare(couponId, due, gate.get(couponId), violations));
        gate.keySet()
                .stream()
                .filter(couponId -> !expected.containsKey(couponId))
                .forEach(couponId -> violations.add("%s: the gate knows a coupon that nobody defined", couponId));
        return violations.orPass("%d coupons in the gate, %d holders", gate.size(),
                gate.values().stream().mapToInt(view -> view.issued().size()).sum());
    }

    private static Map<CouponId, GateView> expected(CouponLog log) {
        Map<CouponId, GateView> expected = new HashMap<>();
        CommittedCoupon.of(log).forEach((couponId, coupon) -> view(coupon).ifPresent(v -> expected.put(couponId, v)));
        return expected;
    }

    private static Optional<GateView> view(CommittedCoupon coupon) {
        Map<UserId, Long> holders = new HashMap<>();
        coupon.issues().forEach(issued -> holders.putIfAbsent(issued.userId(), issued.sequence()));
        return coupon.lastChange().map(state -> new GateView(facts(state, coupon.highestSequence()), holders));
    }

    private static GateView.Facts facts(CouponState state, long issued) {
        return new GateView.Facts(state.version(), state.status(), state.definition().stock(), issued,
                state.definition().opensAt(), state.definition().closesAt());
    }

    private static void compare(CouponId couponId, GateView due, GateView found, Violations violations) {
        if (found == null) {
            violations.add("%s: the gate holds no facts", couponId);
            return;
        }
        violations.addIf(!due.facts().equals(found.facts()), "%s: the gate's facts should be %s and are %s", couponId,
                due.facts(), found.facts());
        due.issued().forEach((user, sequence) -> violations.addIf(!sequence.equals(found.issued().get(user)),
                "%s: the gate should know %s as number %d and has %s", couponId, user, sequence,
                Objects.requireNonNullElse(found.issued().get(user), "nothing")));
        found.issued().forEach((user, sequence) -> violations.addIf(!due.issued().containsKey(user),
                "%s: the gate takes %s for a holder, number %d", couponId, user, sequence));
    }
}
