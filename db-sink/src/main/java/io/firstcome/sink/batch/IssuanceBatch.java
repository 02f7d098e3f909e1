package io.firstcome.sink.batch;

import static java.util.Comparator.comparing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.SequencedCollection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/**
 * What a batch of outcomes changes in the tables, sorted by coupon and sequence: the order of the primary key. All
 * writers lock rows in this order, so two of them cannot deadlock.
 *
 * @param rows the issues, each once, by coupon and sequence. Both of two issues that contradict each other are kept:
 *            the keys of the table detect the contradiction, as they do between batches
 * @param revocations the revocations, each once, by coupon and sequence. They are applied after {@code rows}, because
 *            an issue and its revocation may be in one batch. Both of two that contradict each other are kept
 * @param states the newest state of each coupon that an operator changed, by coupon. Both of two that contradict each
 *            other are kept, unless a newer one follows
 * @param issued the highest sequence in {@code rows}, by coupon
 * @param revoked the highest number of revoked issues in {@code revocations}, by coupon
 * @param repeats how many issues and revocations occurred again with the same values
 */
public record IssuanceBatch(
        List<CouponIssued> rows,
        List<IssueRevoked> revocations,
        List<CouponState> states,
        SortedMap<CouponId, Long> issued,
        SortedMap<CouponId, Long> revoked,
        int repeats) {

    private static final Comparator<CouponId> BY_NAME = comparing(CouponId::value);
    private static final Comparator<CouponIssued> ROWS = comparing(CouponIssued::couponId, BY_NAME)
            .thenComparingLong(CouponIssued::sequence)
            .thenComparing(row -> row.userId().value())
            .thenComparingInt(CouponIssued::nth)
            .thenComparing(row -> row.requestId().value())
            .thenComparing(CouponIssued::issuedAt);
    /** A repeated revocation has another request id, and perhaps another count. */
    private static final Comparator<IssueRevoked> REVOCATIONS = comparing(IssueRevoked::couponId, BY_NAME)
            .thenComparingLong(IssueRevoked::sequence)
            .thenComparing(revocation -> revocation.userId().value())
            .thenComparing(revocation -> revocation.claimRequestId().value())
            .thenComparing(IssueRevoked::revokedAt);

    /** Folds outcomes that are in the order of the log. */
    public static IssuanceBatch of(SequencedCollection<? extends CouponOutcome> outcomes) {
        var fold = new Fold();
        outcomes.forEach(fold::add);
        return fold.batch();
    }

    /** Whether the tables do not change. */
    public boolean isEmpty() {
        return rows.isEmpty() && revocations.isEmpty() && states.isEmpty();
    }

    private static final class Fold {
        private final NavigableMap<CouponId, List<CouponState>> states = new TreeMap<>(BY_NAME);
        private final NavigableMap<CouponId, Long> issued = new TreeMap<>(BY_NAME);
        private final NavigableMap<CouponId, Long> revoked = new TreeMap<>(BY_NAME);
        private final TreeSet<CouponIssued> rows = new TreeSet<>(ROWS);
        private final TreeSet<IssueRevoked> revocations = new TreeSet<>(REVOCATIONS);
        private int repeats;

        void add(CouponOutcome outcome) {
            switch (outcome) {
                case CouponIssued row -> add(row);
                case IssueRevoked revocation -> add(revocation);
                case CouponChanged change -> add(change.state());
                // Rejections change no table. Callers get their answers from the log.
                case IssueRejected _,ChangeRejected _,CommandInvalid _ -> {
                }
            }
        }

        private void add(CouponIssued row) {
            issued.merge(row.couponId(), row.sequence(), Math::max);
            if (!rows.add(row)) {
                repeats++;
            }
        }

        private void add(IssueRevoked revocation) {
            revoked.merge(revocation.couponId(), revocation.revoked(), Math::max);
            if (!revocations.add(revocation)) {
                repeats++;
            }
        }

        private void add(CouponState state) {
            List<CouponState> known = states.computeIfAbsent(state.couponId(), _ -> new ArrayList<>(1));
            known.removeIf(it -> state.isNewerThan(it) && !contradict(it, state));
            if (known.stream().allMatch(it -> contradict(it, state))) {
                known.add(state);
            }
        }

        private static boolean contradict(CouponState one, CouponState other) {
            return one.version() == other.version()
                    && !(one.status() == other.status() && one.definition().equals(other.definition()));
        }

        IssuanceBatch batch() {
            return new IssuanceBatch(List.copyOf(rows), List.copyOf(revocations),
                    states.values().stream().flatMap(List::stream).toList(),
                    Collections.unmodifiableSortedMap(issued), Collections.unmodifiableSortedMap(revoked), repeats);
        }
    }
}
