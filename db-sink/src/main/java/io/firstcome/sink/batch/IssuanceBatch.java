package io.firstcome.sink.batch;

import static java.util.Comparator.comparing;

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
 * What a batch of outcomes changes in the tables, sorted by coupon and user. All writers lock rows in this order, so
 * two of them cannot deadlock.
 *
 * @param rows the issues, each once, by coupon and user. Both of two issues that contradict each other are kept: the
 *            keys of the table detect the contradiction, as they do between batches
 * @param states the newest state of each coupon that an operator changed, by coupon
 * @param issued the highest sequence in {@code rows}, by coupon
 * @param repeats how many issues occurred again with the same values
 */
public record IssuanceBatch(
        List<CouponIssued> rows,
        List<CouponState> states,
        SortedMap<CouponId, Long> issued,
        int repeats) {

    private static final Comparator<CouponId> BY_NAME = comparing(CouponId::value);
    private static final Comparator<CouponIssued> BY_COUPON_AND_USER = comparing(CouponIssued::couponId, BY_NAME)
            .thenComparing(row -> row.userId().value())
            .thenComparing(CouponIssued::sequence)
            .thenComparing(row -> row.requestId().value())
            .thenComparing(CouponIssued::issuedAt);

    /** Folds outcomes that are in the order of the log. */
    public static IssuanceBatch of(SequencedCollection<? extends CouponOutcome> outcomes) {
        var fold = new Fold();
        outcomes.forEach(fold::add);
        return fold.batch();
    }

    /** Whether the tables do not change. */
    public boolean isEmpty() {
        return rows.isEmpty() && states.isEmpty();
    }

    private static final class Fold {
        private final NavigableMap<CouponId, CouponState> states = new TreeMap<>(BY_NAME);
        private final NavigableMap<CouponId, Long> issued = new TreeMap<>(BY_NAME);
        private final TreeSet<CouponIssued> rows = new TreeSet<>(BY_COUPON_AND_USER);
        private int repeats;

        void add(CouponOutcome outcome) {
            switch (outcome) {
                case CouponIssued row -> add(row);
                case CouponChanged change -> states.merge(change.couponId(), change.state(), Fold::newer);
                // Rejections change no table. Callers get their answers from the log.
                case IssueRejected _,ChangeRejected _,CommandInvalid _,IssueRevoked _ -> {
                }
            }
        }

        private void add(CouponIssued row) {
            issued.merge(row.couponId(), row.sequence(), Math::max);
            if (!rows.add(row)) {
                repeats++;
            }
        }

        private static CouponState newer(CouponState known, CouponState other) {
            return other.isNewerThan(known) ? other : known;
        }

        IssuanceBatch batch() {
            return new IssuanceBatch(List.copyOf(rows), List.copyOf(states.values()),
                    Collections.unmodifiableSortedMap(issued), repeats);
        }
    }
}
