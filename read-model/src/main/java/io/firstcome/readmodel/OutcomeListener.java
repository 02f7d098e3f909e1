package io.firstcome.readmodel;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponHolders;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.events.EventBuffers;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.firstcome.readmodel.tail.RecordListener;

/**
 * Passes each outcome to the parts of the read model. The registry comes first: a caller that the tracker wakes must
 * find the coupon as the outcome left it. Event subscribers come last, because they are many and no claim waits for
 * them.
 */
record OutcomeListener(CouponRegistry registry, CouponHolders holders, CouponChangeNotifier changes,
        EventBuffers events, RequestTracker requests, UnknownClaims unknown, AnswerDelay delay)
        implements
            RecordListener<CouponOutcome> {

    @Override
    public void read(ConsumedRecord<CouponOutcome> record) {
        CouponOutcome outcome = record.value();
        switch (outcome) {
            case CouponIssued issued -> {
                // Before the count: a coupon that looks sold out has all its holders.
                holders.apply(issued);
                registry.applyIssued(issued.couponId(), issued.sequence());
            }
            case CouponChanged changed -> registry.apply(changed.state(), changed.decidedAt());
            case IssueRejected rejected -> {
                if (rejected.reason() == RejectionReason.ENDED) {
                    registry.applyEnded(rejected.couponId(), rejected.decidedAt());
                }
                changes.wakeOne(rejected.couponId());
            }
            case IssueRevoked revoked -> {
                registry.applyRevoked(revoked.couponId(), revoked.revoked());
                changes.wakeOne(revoked.couponId());
            }
            case ChangeRejected _ -> {
                // The coupon did not change.
            }
            case CommandInvalid _ -> {
                // The coupon did not change.
            }
        }
        requests.record(outcome);
        unknown.decided(record.partition(), record.at());
        delay.outcomeRead(record.at());
        events.read(record);
    }

    @Override
    public void startsAt(int partition, long offset) {
        events.startsAt(partition, offset);
    }
}
