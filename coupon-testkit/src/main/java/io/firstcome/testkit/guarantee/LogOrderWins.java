package io.firstcome.testkit.guarantee;

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

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RequestId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.replay.ReferenceAuthority;

/**
 * The outcomes are those that an independent replay of the commands gives, one for one and in order; and so, where they
 * were collected, are the last states. Nothing but the log can have had a say. Of a {@code CommandInvalid} only whom it
 * answers is compared: wording, time and place are not promised, for the record may stand where no command belongs.
 */
public final class LogOrderWins implements Guarantee {

    private record Sender(CouponId couponId, RequestId requestId) {}

    @Override
    public GuaranteeResult check(Evidence evidence) {
        var violations = new Violations();
        var authority = new ReferenceAuthority();
        var due = evidence.log().commands().stream().map(authority::decide).flatMap(Optional::stream).toList();
        var found = evidence.log().decisions();
        checkLines(lines(due), lines(found), violations);
        checkInvalid(invalid(due), invalid(found), violations);
        evidence.log().states().ifPresent(states -> checkStates(lines(due).keySet(), authority, states, violations));
        return violations.orPass("%d commands replayed, %d coupons, every outcome the same",
                evidence.log().commands().size(), lines(due).size());
    }

    private static Map<CouponId, List<CouponOutcome>> lines(List<CouponOutcome> outcomes) {
        return outcomes.stream().filter(o -> !(o instanceof CommandInvalid))
                .collect(groupingBy(CouponOutcome::couponId));
    }

    private static void checkLines(Map<CouponId, List<CouponOutcome>> due, Map<CouponId, List<CouponOutcome>> found,
            Violations violations) {
        Set<CouponId> coupons = new TreeSet<>(Comparator.comparing(CouponId::value));
        coupons.addAll(due.keySet());
        coupons.addAll(found.keySet());
        coupons.forEach(couponId -> checkLine(couponId, due.getOrDefault(couponId, List.of()),
                found.getOrDefault(couponId, List.of()), violations));
    }

    /** Only the first difference of a line: all that follows it follows from it. */
    private static void checkLine(CouponId couponId, List<CouponOutcome> due, List<CouponOutcome> found,
            Violations violations) {
        int length = Math.max(due.size(), found.size());
        for (int i = 0; i < length; i++) {
            CouponOutcome right = i < due.size() ? due.get(i) : null;
            CouponOutcome actual = i < found.size() ? found.get(i) : null;
            if (!Objects.equals(right, actual)) {
                violations.add("%s: outcome %d of %d should be %s and is %s", couponId, i + 1, due.size(),
                        requireNonNullElse(right, "absent"), requireNonNullElse(actual, "absent"));
                return;
            }
        }
    }

    private static Map<Sender, Long> invalid(List<CouponOutcome> outcomes) {
        return outcomes.stream()
                .filter(CommandInvalid.class::isInstance)
                .collect(groupingBy(o -> new Sender(o.couponId(), o.requestId()), Collectors.counting()));
    }

    private static void checkInvalid(Map<Sender, Long> due, Map<Sender, Long> found, Violations violations) {
        Set<Sender> senders = new HashSet<>(due.keySet());
        senders.addAll(found.keySet());
        for (Sender sender : senders) {
            long right = due.getOrDefault(sender, 0L);
            long actual = found.getOrDefault(sender, 0L);
            violations.addIf(right != actual, "%s: %s: %d answers due that it is invalid, %d found",
                    sender.couponId(), sender.requestId(), right, actual);
        }
    }

    private static void checkStates(Set<CouponId> coupons, ReferenceAuthority authority,
            Map<CouponId, CouponState> states, Violations violations) {
        for (CouponId couponId : coupons) {
            Optional<CouponState> due = authority.stateOf(couponId);
            Optional<CouponState> found = Optional.ofNullable(states.get(couponId));
            violations.addIf(!due.equals(found), "%s: the last state should be %s and is %s", couponId, due, found);
        }
    }
}
