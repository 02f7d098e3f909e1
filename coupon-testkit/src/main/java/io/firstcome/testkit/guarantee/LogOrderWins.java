package io.firstcome.testkit.guarantee;

import static java.util.stream.Collectors.groupingBy;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponState;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.replay.ReferenceAuthority;

/**
 * The outcomes are those that an independent replay of the commands gives, one for one and in order; and so, where they
 * were collected, are the last states. Nothing but the log can have had a say. Of a {@code CommandInvalid} only whom it
 * answers is compared: its wording and its time are not promised.
 */
public final class LogOrderWins implements Guarantee {

    @Override
    public Verdict check(Evidence evidence) {
        var violations = new Violations();
        var authority = new ReferenceAuthority();
        var expected = byCoupon(evidence.log().commands().stream().map(authority::decide).flatMap(Optional::stream));
        var actual = byCoupon(evidence.log().decisions().stream());
        allKeys(expected, actual).forEach(couponId -> checkLine(couponId,
                expected.getOrDefault(couponId, List.of()), actual.getOrDefault(couponId, List.of()), violations));
        evidence.log().states().ifPresent(states -> checkStates(expected.keySet(), authority, states, violations));
        return violations.orPass("%d commands replayed, %d coupons, every outcome the same",
                evidence.log().commands().size(), expected.size());
    }

    private static Map<CouponId, List<CouponOutcome>> byCoupon(Stream<CouponOutcome> outcomes) {
        return outcomes.collect(groupingBy(CouponOutcome::couponId));
    }

    private static Iterable<CouponId> allKeys(Map<CouponId, ?> some, Map<CouponId, ?> others) {
        var all = new TreeSet<>(Comparator.comparing(CouponId::value));
        all.addAll(some.keySet());
        all.addAll(others.keySet());
        return all;
    }

    /** Only the first difference of a line: all that follows it follows from it. */
    private static void checkLine(CouponId couponId, List<CouponOutcome> expected, List<CouponOutcome> actual,
            Violations violations) {
        int length = Math.max(expected.size(), actual.size());
        for (int i = 0; i < length; i++) {
            CouponOutcome due = i < expected.size() ? expected.get(i) : null;
            CouponOutcome found = i < actual.size() ? actual.get(i) : null;
            if (!same(due, found)) {
                violations.add("%s: outcome %d of %d should be %s and is %s", couponId, i + 1, expected.size(),
                        Objects.requireNonNullElse(due, "absent"), Objects.requireNonNullElse(found, "absent"));
                return;
            }
        }
    }

    private static boolean same(CouponOutcome due, CouponOutcome found) {
        if (due instanceof CommandInvalid one && found instanceof CommandInvalid other) {
            return one.requestId().equals(other.requestId());
        }
        return Objects.equals(due, found);
    }

    private static void checkStates(Iterable<CouponId> coupons, ReferenceAuthority authority,
            Map<CouponId, CouponState> states, Violations violations) {
        for (CouponId couponId : coupons) {
            Optional<CouponState> due = authority.stateOf(couponId);
            Optional<CouponState> found = Optional.ofNullable(states.get(couponId));
            violations.addIf(!due.equals(found), "%s: the last state should be %s and is %s", couponId, due, found);
        }
    }
}
