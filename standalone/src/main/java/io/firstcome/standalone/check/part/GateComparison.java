package io.firstcome.standalone.check.part;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;
import io.firstcome.standalone.evidence.GateReader.Reading;
import io.firstcome.testkit.evidence.GateView;
import io.firstcome.testkit.facts.CommittedCoupon;

/**
 * Compares what the gate has of one coupon with the log. Redis was read between two cuts through the log: the gate has
 * everything before the first and nothing after the second.
 */
final class GateComparison {

    private GateComparison() {}

    /** The result of one comparison. */
    sealed interface Result {

        /** The gate has what the log says. */
        record Agrees(int holders) implements Result {}

        /**
         * The gate lacks something and knows that: claims go to the log until the coupon is filled.
         *
         * @param what what is missing
         */
        record Incomplete(String what) implements Result {}

        /** The gate has something that the log does not say, so that its answers may be wrong. */
        record Differs(List<String> differences) implements Result {}
    }

    /**
     * @param before the coupon at the first cut
     * @param after the coupon at the second cut
     * @param reading empty when the gate has no facts of the coupon
     * @param log the id of {@code coupon-outcomes}
     */
    static Result compare(CouponId couponId, Optional<CommittedCoupon> before, CommittedCoupon after,
            Optional<Reading> reading, String log, Instant now) {
        Optional<CouponState> change = after.lastChange();
        if (reading.isEmpty() || !reading.get().log().equals(log)) {
            boolean isOpen = change.filter(state -> !state.status().isFinal()
                    && now.isBefore(state.definition().closesAt())).isPresent();
            return isOpen
                    ? new Result.Incomplete(couponId + ": the coupon is open, but the gate has no facts of it")
                    : new Result.Agrees(0);
        }
        GateView view = reading.get().view();
        List<String> differences = new ArrayList<>();
        long issuedBefore = before.map(CommittedCoupon::issuedQuantity).orElse(0L);
        compareFacts(couponId, before.flatMap(CommittedCoupon::lastChange), change, view.facts(), differences);
        requireWithin(couponId + ": the gate's issued count", view.facts().issued(), 0, after.issuedQuantity(),
                differences);
        requireWithin(couponId + ": the gate's revoked count", view.facts().revoked(), 0, after.revokedQuantity(),
                differences);
        Map<UserId, List<Long>> heldBefore = before.map(CommittedCoupon::held).orElse(Map.of());
        Map<UserId, List<Long>> heldAfter = after.held();
        Set<Long> allAtLast = heldAfter.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        // The gate judges an archived coupon without its holders, which it has removed.
        boolean needsHolders = view.facts().status() != CouponStatus.ARCHIVED;
        boolean knowsAll = reading.get().knownSequences() >= Math.max(issuedBefore, view.facts().issued());
        Set<UserId> users = new HashSet<>(heldBefore.keySet());
        users.addAll(heldAfter.keySet());
        users.addAll(view.held().keySet());
        for (UserId user : users) {
            List<Long> actual = view.held().getOrDefault(user, List.of());
            List<Long> atFirst = heldBefore.getOrDefault(user, List.of());
            List<Long> atLast = heldAfter.getOrDefault(user, List.of());
            // The reading is from between the cuts: what is held at both must be there, and the rest may be.
            boolean isLacking = knowsAll && needsHolders
                    && atFirst.stream().filter(atLast::contains).anyMatch(it -> !actual.contains(it));
            boolean isForeign = actual.stream().filter(it -> !atFirst.contains(it) && !atLast.contains(it))
                    .anyMatch(it -> it <= issuedBefore || it > after.issuedQuantity() || allAtLast.contains(it));
            if (isLacking || isForeign) {
                differences.add("%s: the gate says that %s holds %s, but the log says %s".formatted(couponId, user,
                        actual, atLast));
            }
        }
        if (!differences.isEmpty()) {
            return new Result.Differs(differences);
        }
        long version = before.flatMap(CommittedCoupon::lastChange).map(CouponState::version).orElse(0L);
        if (!knowsAll && needsHolders || view.facts().version() < version || view.facts().issued() < issuedBefore) {
            return new Result.Incomplete("%s: the gate knows %,d of %,d sequences, and version %d of %d".formatted(
                    couponId, reading.get().knownSequences(), issuedBefore, view.facts().version(), version));
        }
        return new Result.Agrees(view.held().size());
    }

    /** A version of the definition that was current at one of the cuts must have the fields of that version. */
    private static void compareFacts(CouponId couponId, Optional<CouponState> before, Optional<CouponState> after,
            GateView.Facts facts, List<String> differences) {
        if (facts.version() > after.map(CouponState::version).orElse(0L)) {
            differences.add("%s: the gate has version %d, but the log has version %s".formatted(couponId,
                    facts.version(), after.map(state -> String.valueOf(state.version())).orElse("none")));
        }
        List.of(before, after).forEach(state -> state.filter(it -> it.version() == facts.version())
                .map(it -> GateView.Facts.of(it, facts.issued(), facts.revoked()))
                .filter(expected -> !expected.equals(facts))
                .ifPresent(expected -> {
                    String difference = "%s: the gate's facts should be %s but are %s".formatted(couponId, expected,
                            facts);
                    if (!differences.contains(difference)) {
                        differences.add(difference);
                    }
                }));
    }

    private static void requireWithin(String what, long actual, long least, long greatest, List<String> differences) {
        if (actual < least || actual > greatest) {
            differences.add("%s is %,d, but the log says at most %,d".formatted(what, actual, greatest));
        }
    }
}
