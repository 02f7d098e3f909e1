package io.firstcome.standalone.check.part;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.evidence.StoredCoupon;
import io.firstcome.testkit.evidence.StoredIssue;
import io.firstcome.testkit.evidence.StoredRows;
import io.firstcome.testkit.facts.CommittedCoupon;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.SinkMatches;
import io.firstcome.testkit.log.CouponLog;

/**
 * Compares the rows with the outcomes before the sink's positions. A rebuild of the database stores what the authority
 * has, and so rows of outcomes that the positions have not reached. Such a row is right when the whole log has it. A
 * row of an outcome before the positions must be there in any case.
 */
final class DatabaseComparison {

    private final Map<CouponId, CommittedCoupon> reached;
    private final Map<CouponId, CommittedCoupon> all;
    private final Map<CouponId, List<CouponState>> changes = new HashMap<>();
    private long ahead;
    private boolean hasUnknownRows;

    private DatabaseComparison(CouponLog reached, CouponLog all) {
        this.reached = CommittedCoupon.of(reached);
        this.all = CommittedCoupon.of(all);
        all.decisions().forEach(outcome -> {
            if (outcome instanceof CouponChanged changed) {
                changes.computeIfAbsent(changed.couponId(), _ -> new ArrayList<>()).add(changed.state());
            }
        });
    }

    /**
     * The result of one comparison.
     *
     * @param guarantee about the rows of the outcomes before the positions
     * @param ahead how many rows contain an outcome that the positions have not reached and that the log has
     * @param hasUnknownRows whether a row has what the log does not have, or not yet
     */
    record Result(GuaranteeResult guarantee, long ahead, boolean hasUnknownRows) {}

    /**
     * @param reached the outcomes before the sink's positions
     * @param all every committed outcome, read after the rows
     */
    static Result compare(CouponLog reached, CouponLog all, StoredRows rows) {
        var comparison = new DatabaseComparison(reached, all);
        StoredRows atPositions = new StoredRows(comparison.issues(rows.issues()), comparison.coupons(rows.coupons()));
        GuaranteeResult result = new SinkMatches().check(Evidence.of(reached).withStored(atPositions));
        return new Result(result, comparison.ahead, comparison.hasUnknownRows);
    }

    private record IssueKey(CouponId couponId, long sequence) {}

    /** The rows without what the positions have not reached. A row that the log does not explain stays as it is. */
    private List<StoredIssue> issues(List<StoredIssue> rows) {
        Map<IssueKey, CouponIssued> issued = new HashMap<>();
        all.forEach((couponId, coupon) -> coupon.issues()
                .forEach(issue -> issued.put(new IssueKey(couponId, issue.sequence()), issue)));
        Set<IssueKey> isReached = new HashSet<>();
        reached.forEach((couponId, coupon) -> coupon.issues()
                .forEach(issue -> isReached.add(new IssueKey(couponId, issue.sequence()))));
        Set<IssueKey> seen = new HashSet<>();
        List<StoredIssue> comparable = new ArrayList<>();
        for (StoredIssue row : rows) {
            var key = new IssueKey(row.couponId(), row.sequence());
            CouponIssued issue = issued.get(key);
            var revocation = all.getOrDefault(row.couponId(), new CommittedCoupon()).revocationOf(row.sequence())
                    .map(IssueRevoked::revokedAt);
            boolean isExplained = issue != null && seen.add(key) && isSame(issue, row)
                    && (row.revokedAt().isEmpty() || row.revokedAt().equals(revocation));
            if (!isExplained) {
                hasUnknownRows = true;
                comparable.add(row);
            } else if (!isReached.contains(key)) {
                ahead++;
            } else if (row.revokedAt().isPresent()
                    && reached.get(row.couponId()).revocationOf(row.sequence()).isEmpty()) {
                ahead++;
                comparable.add(new StoredIssue(row.couponId(), row.userId(), row.sequence(), row.requestId(),
                        row.issuedAt(), row.nth(), Optional.empty()));
            } else {
                comparable.add(row);
            }
        }
        return comparable;
    }

    private static boolean isSame(CouponIssued issue, StoredIssue row) {
        return issue.userId().equals(row.userId()) && issue.requestId().equals(row.requestId())
                && issue.issuedAt().equals(row.issuedAt()) && issue.nth() == row.nth();
    }

    private List<StoredCoupon> coupons(List<StoredCoupon> rows) {
        List<StoredCoupon> comparable = new ArrayList<>();
        for (StoredCoupon row : rows) {
            CommittedCoupon before = reached.getOrDefault(row.couponId(), new CommittedCoupon());
            CommittedCoupon after = all.getOrDefault(row.couponId(), new CommittedCoupon());
            long version = before.lastChange().map(CouponState::version).orElse(0L);
            boolean isExplained = changes.getOrDefault(row.couponId(), List.of()).stream()
                    .anyMatch(state -> state.version() >= version && isSame(state, row))
                    && isWithin(row.issuedQuantity(), before.issuedQuantity(), after.issuedQuantity())
                    && isWithin(row.revokedQuantity(), before.revokedQuantity(), after.revokedQuantity());
            Optional<StoredCoupon> expected = before.lastChange().map(state -> row(state, before));
            if (!isExplained) {
                hasUnknownRows = true;
                comparable.add(row);
            } else {
                ahead += expected.filter(row::equals).isPresent() ? 0 : 1;
                expected.ifPresent(comparable::add);
            }
        }
        return comparable;
    }

    private static boolean isSame(CouponState state, StoredCoupon row) {
        return state.definition().stock() == row.stock() && state.status() == row.status()
                && state.definition().perUser() == row.perUser() && state.definition().reclaim() == row.reclaim();
    }

    private static boolean isWithin(long value, long least, long greatest) {
        return value >= least && value <= greatest;
    }

    private static StoredCoupon row(CouponState state, CommittedCoupon coupon) {
        return new StoredCoupon(state.couponId(), state.definition().stock(), coupon.issuedQuantity(), state.status(),
                coupon.revokedQuantity(), state.definition().perUser(), state.definition().reclaim());
    }
}
