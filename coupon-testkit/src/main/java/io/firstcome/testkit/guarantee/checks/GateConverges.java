package io.firstcome.testkit.guarantee.checks;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.log.CouponLog;

/**
 * The gate's facts and holders equal those that the outcomes add up to.
 *
 * <ul>
 * <li>Every open coupon is in the gate. After a loss of Redis the gate fills open coupons from the authority.
 * <li>A coupon that is closed, or whose window has ended, may be absent: the gate does not fill it after a loss.
 * <li>Every coupon that is in the gate equals the log. An archived coupon has its facts there and no holders.
 * </ul>
 *
 * <p>Keys that another program wrote or edited are not covered: the gate does not look for them. They cannot change an
 * outcome, because the authority does not read Redis.
 */
public final class GateConverges implements Guarantee {

    private final Clock clock;

    /** Uses the system clock to tell whether a coupon's window has ended. */
    public GateConverges() {
        this(Clock.systemUTC());
    }

    GateConverges(Clock clock) {
        this.clock = clock;
    }

    @Override
    public GuaranteeResult check(Evidence evidence) {
        return evidence.gate()
                .map(gate -> check(evidence.log(), gate))
                .orElseGet(() -> new GuaranteeResult.NotChecked("the gate's keys were not collected"));
    }

    private GuaranteeResult check(CouponLog log, Map<CouponId, GateView> gate) {
        var violations = new ViolationCollector();
        Map<CouponId, GateView> expected = expected(log);
        expected.forEach((couponId, view) -> {
            if (gate.containsKey(couponId)) {
                compare(couponId, view, gate.get(couponId), violations);
            } else {
                violations.addIf(isOpen(view.facts()), "%s: the coupon is open, but the gate has no facts", couponId);
            }
        });
        gate.keySet()
                .stream()
                .filter(couponId -> !expected.containsKey(couponId))
                .forEach(couponId -> violations.add("%s: the gate has a coupon that is not defined", couponId));
        return violations.orPass("%s in the gate, %s", ViolationCollector.count(gate.size(), "coupon"),
                ViolationCollector.count(gate.values().stream().mapToInt(view -> view.held().size()).sum(),
                        "holder"));
    }

    private boolean isOpen(GateView.Facts facts) {
        return !facts.status().isFinal() && clock.instant().isBefore(facts.closesAt());
    }

    private static Map<CouponId, GateView> expected(CouponLog log) {
        Map<CouponId, GateView> expected = new HashMap<>();
        CommittedCoupon.of(log).forEach((couponId, coupon) -> coupon.lastChange().ifPresent(
                state -> expected.put(couponId, new GateView(
                        GateView.Facts.of(state, coupon.issuedQuantity(), coupon.revokedQuantity()),
                        state.status() == CouponStatus.ARCHIVED ? Map.of() : coupon.held()))));
        return expected;
    }

    private static void compare(CouponId couponId, GateView expected, GateView actual, ViolationCollector violations) {
        violations.addIf(!expected.facts().equals(actual.facts()), "%s: the gate's facts should be %s but are %s",
                couponId, expected.facts(), actual.facts());
        expected.held().forEach((user, sequences) -> violations.addIf(!sequences.equals(actual.held().get(user)),
                "%s: the gate should have holder %s with %s but has %s", couponId, user, sequences,
                Objects.requireNonNullElse(actual.held().get(user), "none")));
        actual.held().forEach((user, sequences) -> violations.addIf(!expected.held().containsKey(user),
                "%s: the gate has holder %s with %s, who holds nothing", couponId, user, sequences));
    }
}
