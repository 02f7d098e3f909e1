package io.firstcome.readmodel;

import java.time.Duration;
import java.time.Instant;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.readmodel.requests.OwnAppends;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.firstcome.readmodel.tail.RecordListener;

/**
 * Passes the claims of other ingresses to the tracker, and those of this ingress that have no acknowledgement. The
 * other claims of this ingress reach the tracker when Kafka acknowledges them.
 */
record ClaimListener(RequestTracker requests, OwnAppends own, UnknownClaims unknown)
        implements
            RecordListener<CouponCommand> {

    /** Nothing waits for another ingress's claim except a duplicate of it, which has a second. */
    private static final Duration FETCH_DELAY = Duration.ofMillis(50);

    @Override
    public boolean wants(int partition, long offset) {
        return !own.removeTo(partition, offset);
    }

    @Override
    public void leavesOut(int partition, Instant time) {
        unknown.leftOut(partition, time);
    }

    @Override
    public Duration fetchDelay() {
        return FETCH_DELAY;
    }

    @Override
    public void read(ConsumedRecord<CouponCommand> record) {
        switch (record.value()) {
            case IssueCoupon claim -> requests.record(claim, record.at());
            case DefineCoupon _ -> ignoreOperator();
            case PauseCoupon _ -> ignoreOperator();
            case ResumeCoupon _ -> ignoreOperator();
            case CloseCoupon _ -> ignoreOperator();
            case RevokeIssue _ -> ignoreOperator();
            case ArchiveCoupon _ -> ignoreOperator();
        }
    }

    /** An operator's command is of interest only to the ingress that sent it, which has its acknowledgement. */
    private static void ignoreOperator() {}
}
