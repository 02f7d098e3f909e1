package io.firstcome.standalone.check.part;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.projection.HolderSource.Holder;
import io.firstcome.testkit.facts.CommittedCoupon;

/**
 * Compares what the authority says of one coupon with the log. The authority was asked between two cuts through the
 * log: it knows everything before the first and nothing after the second.
 */
final class AuthorityComparison {

    private AuthorityComparison() {}

    /** What {@code GET /v1/coupons/COUPON/stock} says. */
    record Counts(long stock, long issued, long revoked, long version, String status) {}

    /**
     * The differences; none when the authority and the log agree.
     *
     * @param before the coupon at the first cut
     * @param after the coupon at the second cut
     * @param holders all issues that the authority lists
     */
    static List<String> differences(CouponId couponId, CommittedCoupon before, CommittedCoupon after, Counts counts,
            List<Holder> holders) {
        List<String> differences = new ArrayList<>();
        requireWithin(couponId + ": the authority's issued count", counts.issued(), before.issuedQuantity(),
                after.issuedQuantity(), differences);
        requireWithin(couponId + ": the authority's revoked count", counts.revoked(), before.revokedQuantity(),
                after.revokedQuantity(), differences);
        requireWithin(couponId + ": the authority's version", counts.version(), version(before), version(after),
                differences);
        List.of(before, after).forEach(coupon -> coupon.lastChange()
                .filter(state -> state.version() == counts.version())
                .filter(state -> !state.status().name().equals(counts.status())
                        || state.definition().stock() != counts.stock())
                .ifPresent(state -> differences.add("%s: the authority says %s with stock %,d, but the log says %s"
                        .formatted(couponId, counts.status(), counts.stock(), state))));
        if (!isArchived(after)) {
            compareHolders(couponId, before, after, holders, differences);
        }
        return differences.stream().distinct().toList();
    }

    /** The authority forgets the holders of an archived coupon. */
    private static boolean isArchived(CommittedCoupon coupon) {
        return coupon.lastChange().filter(state -> state.status() == CouponStatus.ARCHIVED).isPresent();
    }

    private static void compareHolders(CouponId couponId, CommittedCoupon before, CommittedCoupon after,
            List<Holder> holders, List<String> differences) {
        Map<Long, CouponIssued> issued = new HashMap<>();
        after.issues().forEach(issue -> issued.put(issue.sequence(), issue));
        Map<Long, Holder> listed = new HashMap<>();
        for (Holder holder : holders) {
            if (listed.put(holder.sequence(), holder) != null) {
                differences.add("%s: the authority lists sequence %d twice".formatted(couponId, holder.sequence()));
            }
            CouponIssued issue = issued.get(holder.sequence());
            if (issue == null || !isSame(issue, holder)) {
                differences.add("%s: the authority lists %s, but the log says %s".formatted(couponId, holder,
                        issue == null ? "nothing" : issue));
            } else if (holder.isRevoked()
                    && !holder.revokedAt().equals(after.revocationOf(holder.sequence()).map(IssueRevoked::revokedAt))) {
                differences.add("%s: the authority lists sequence %d as revoked at %s, but the log does not"
                        .formatted(couponId, holder.sequence(), holder.revokedAt().get()));
            }
        }
        before.issues().forEach(issue -> {
            Optional<Holder> holder = Optional.ofNullable(listed.get(issue.sequence()));
            if (holder.isEmpty()) {
                differences.add("%s: the authority does not list %s".formatted(couponId, issue));
            } else if (before.revocationOf(issue.sequence()).isPresent() && !holder.get().isRevoked()) {
                differences.add("%s: the authority lists sequence %d of %s as held, but it is revoked".formatted(
                        couponId, issue.sequence(), issue.userId()));
            }
        });
    }

    private static boolean isSame(CouponIssued issue, Holder holder) {
        return issue.userId().equals(holder.userId()) && issue.requestId().equals(holder.requestId())
                && issue.issuedAt().equals(holder.issuedAt()) && issue.nth() == holder.nth();
    }

    private static long version(CommittedCoupon coupon) {
        return coupon.lastChange().map(CouponState::version).orElse(0L);
    }

    private static void requireWithin(String what, long actual, long least, long greatest, List<String> differences) {
        if (actual < least || actual > greatest) {
            differences.add(least == greatest
                    ? "%s is %,d, but the log says %,d".formatted(what, actual, least)
                    : "%s is %,d, but the log says %,d to %,d".formatted(what, actual, least, greatest));
        }
    }
}
