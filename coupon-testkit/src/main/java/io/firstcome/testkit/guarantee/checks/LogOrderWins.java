package io.firstcome.testkit.guarantee.checks;

import static java.util.Objects.requireNonNullElse;
import static java.util.stream.Collectors.groupingBy;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.replay.ReferenceAuthority;

/**
 * The outcomes of each coupon equal those of an independent replay of the commands, in the same order. Where states
 * were collected, the last state of each coupon equals that of the replay. So nothing but the log influenced a
 * decision.
 *
 * <p>Of a {@code CommandInvalid} only coupon and request id are compared. Its text, time and position are not
 * guaranteed, because the invalid record may be in any partition.
 */
public final class LogOrderWins implements Guarantee {

    private record RequestKey(CouponId couponId, RequestId requestId) {}

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new ViolationCollector();
        var authority = new ReferenceAuthority();
        var expected = evidence.log().commands().stream().map(authority::decide).flatMap(Optional::stream).toList();
        var actual = evidence.log().decisions();
        checkOrder(byCoupon(expected), byCoupon(actual), violations);
        checkInvalid(invalid(expected), invalid(actual), violations);
        evidence.log().states()
                .ifPresent(states -> checkStates(byCoupon(expected).keySet(), authority, states, violations));
        return violations.orPass("%s replayed, %s, identical outcomes",
                ViolationCollector.count(evidence.log().commands().size(), "command"),
                ViolationCollector.count(byCoupon(expected).size(), "coupon"));
    }

    private static Map<CouponId, List<CouponOutcome>> byCoupon(List<CouponOutcome> outcomes) {
        return outcomes.stream().filter(o -> !(o instanceof CommandInvalid))
                .collect(groupingBy(CouponOutcome::couponId));
    }

    private static void checkOrder(Map<CouponId, List<CouponOutcome>> expected,
            Map<CouponId, List<CouponOutcome>> actual, ViolationCollector violations) {
        Set<CouponId> coupons = new TreeSet<>(Comparator.comparing(CouponId::value));
        coupons.addAll(expected.keySet());
        coupons.addAll(actual.keySet());
        coupons.forEach(couponId -> checkOrder(couponId, expected.getOrDefault(couponId, List.of()),
                actual.getOrDefault(couponId, List.of()), violations));
    }

    /** Reports only the first difference of a coupon: later differences are consequences of it. */
    private static void checkOrder(CouponId couponId, List<CouponOutcome> expected, List<CouponOutcome> actual,
            ViolationCollector violations) {
        int length = Math.max(expected.size(), actual.size());
        for (int i = 0; i < length; i++) {
            CouponOutcome right = i < expected.size() ? expected.get(i) : null;
            CouponOutcome found = i < actual.size() ? actual.get(i) : null;
            if (!Objects.equals(right, found)) {
                violations.add("%s: outcome %d of %d should be %s but is %s", couponId, i + 1, expected.size(),
                        requireNonNullElse(right, "absent"), requireNonNullElse(found, "absent"));
                return;
            }
        }
    }

    private static Map<RequestKey, Long> invalid(List<CouponOutcome> outcomes) {
        return outcomes.stream()
                .filter(CommandInvalid.class::isInstance)
                .collect(groupingBy(o -> new RequestKey(o.couponId(), o.requestId()), Collectors.counting()));
    }

    private static void checkInvalid(Map<RequestKey, Long> expected, Map<RequestKey, Long> actual,
            ViolationCollector violations) {
        Set<RequestKey> requests = new HashSet<>(expected.keySet());
        requests.addAll(actual.keySet());
        for (RequestKey request : requests) {
            long expectedCount = expected.getOrDefault(request, 0L);
            long actualCount = actual.getOrDefault(request, 0L);
            violations.addIf(expectedCount != actualCount, "%s: %s: %d CommandInvalid expected, %d found",
                    request.couponId(), request.requestId(), expectedCount, actualCount);
        }
    }

    private static void checkStates(Set<CouponId> coupons, ReferenceAuthority authority,
            Map<CouponId, CouponState> states, ViolationCollector violations) {
        for (CouponId couponId : coupons) {
            Optional<CouponState> expected = authority.stateOf(couponId);
            Optional<CouponState> actual = Optional.ofNullable(states.get(couponId));
            violations.addIf(!expected.equals(actual), "%s: the last state should be %s but is %s", couponId,
                    expected, actual);
        }
    }
}
