package io.firstcome.readmodel;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RejectionReason;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.firstcome.readmodel.tail.RecordListener;

/**
 * Spreads the news of an outcome: to the registry first, for whoever the board wakes must find the coupon to be as the outcome
 * says; to those who follow last, for they are many and nobody waits for them.
 */
record OutcomeListener(CouponRegistry registry, CouponChangeNotifier moves, EventBuffers feeds, RequestTracker board)
        implements
            RecordListener<CouponOutcome> {

    @Override
    public void read(ConsumedRecord<CouponOutcome> record) {
        CouponOutcome outcome = record.value();
        switch (outcome) {
            case CouponIssued issued -> registry.learnIssued(issued.couponId(), issued.sequence());
            case CouponChanged changed -> registry.learn(changed.state());
            case IssueRejected rejected -> rejected(rejected);
            case ChangeRejected rejected -> {
                // The coupon is as it was.
            }
            case CommandInvalid invalid -> {
                // It means nothing but to its sender.
            }
        }
        board.record(outcome);
        feeds.read(record);
    }

    private void rejected(IssueRejected rejected) {
        if (rejected.reason() == RejectionReason.ENDED) {
            registry.learnEnded(rejected.couponId(), rejected.decidedAt());
        }
        moves.freed(rejected.couponId());
    }

    @Override
    public void startsAt(int partition, long offset) {
        feeds.startsAt(partition, offset);
    }
}
