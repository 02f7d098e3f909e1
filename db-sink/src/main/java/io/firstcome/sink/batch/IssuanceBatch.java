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

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;

/**
 * What a run of outcomes means for the tables, in the order in which rows are locked: by coupon and user. Every writer
 * that keeps to one order cannot deadlock with another that does.
 *
 * @param rows the issues, each once, by coupon and user. Two that contradict each other are both here: it is the
 *            database's keys that tell them apart, in a batch as between batches
 * @param states the newest state of each coupon that an operator changed, by coupon
 * @param issued the highest sequence of each coupon that rows were issued of
 * @param repeats how many issues were said again, word for word
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

    /** Folds outcomes, given in the order of the log. */
    public static IssuanceBatch of(SequencedCollection<? extends CouponOutcome> outcomes) {
        var fold = new Fold();
        outcomes.forEach(fold::add);
        return fold.batch();
    }

    /** Whether the tables stay as they are. */
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
                // These changed nothing, so there is nothing to remember; the caller was answered from the log.
                case IssueRejected rejected -> {
                }
                case ChangeRejected rejected -> {
                }
                case CommandInvalid invalid -> {
                }
            }
        }

        private void add(CouponIssued row) {
            issued.merge(row.couponId(), row.sequence(), Math::max);
            if (!rows.add(row)) {
                repeats++;
            }
        }

        private static CouponState newer(CouponState known, CouponState said) {
            return said.isNewerThan(known) ? said : known;
        }

        IssuanceBatch batch() {
            return new IssuanceBatch(List.copyOf(rows), List.copyOf(states.values()),
                    Collections.unmodifiableSortedMap(issued), repeats);
        }
    }
}
