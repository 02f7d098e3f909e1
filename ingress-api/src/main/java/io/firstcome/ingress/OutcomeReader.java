package io.firstcome.ingress;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.ingress.events.CouponFeeds;
import io.firstcome.ingress.kafka.Read;
import io.firstcome.ingress.kafka.TopicReader;
import io.firstcome.ingress.registry.CouponMoves;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.verdict.VerdictBoard;

/** Spreads the news of an outcome. The board comes last: whoever it wakes must find the rest to be as the outcome says. */
record OutcomeReader(CouponRegistry registry, CouponMoves moves, CouponFeeds feeds, VerdictBoard board)
        implements
            TopicReader<CouponOutcome> {

    @Override
    public void read(Read<CouponOutcome> record) {
        CouponOutcome outcome = record.value();
        switch (outcome) {
            case CouponIssued issued -> registry.learnIssued(issued.couponId(), issued.sequence());
            case CouponChanged changed -> registry.learn(changed.state());
            // Its reservation comes free.
            case IssueRejected rejected -> moves.moved(rejected.couponId());
            case ChangeRejected rejected -> {
                // The coupon is as it was.
            }
            case CommandInvalid invalid -> {
                // It means nothing but to its sender.
            }
        }
        feeds.read(record);
        board.record(outcome);
    }

    @Override
    public void startsAt(int partition, long offset) {
        feeds.startsAt(partition, offset);
    }
}
