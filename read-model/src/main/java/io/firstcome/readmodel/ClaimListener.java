package io.firstcome.readmodel;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.ConsumedRecord;
import io.firstcome.readmodel.tail.RecordListener;

/** Passes each claim to the tracker, whichever ingress sent the claim. */
record ClaimListener(RequestTracker requests) implements RecordListener<CouponCommand> {

    @Override
    public void read(ConsumedRecord<CouponCommand> record) {
        switch (record.value()) {
            case IssueCoupon claim -> requests.record(claim, record.at());
            case DefineCoupon _ -> ignoreOperator();
            case PauseCoupon _ -> ignoreOperator();
            case ResumeCoupon _ -> ignoreOperator();
            case CloseCoupon _ -> ignoreOperator();
        }
    }

    /** An operator's command is of interest only to the ingress that sent it, which has its acknowledgement. */
    private static void ignoreOperator() {}
}
