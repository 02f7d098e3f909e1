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

/** Tells the board of every claim that stands in the log, whichever ingress put it there. */
record ClaimListener(RequestTracker board) implements RecordListener<CouponCommand> {

    @Override
    public void read(ConsumedRecord<CouponCommand> record) {
        switch (record.value()) {
            case IssueCoupon claim -> board.record(claim, record.at());
            case DefineCoupon define -> ofAnOperator();
            case PauseCoupon pause -> ofAnOperator();
            case ResumeCoupon resume -> ofAnOperator();
            case CloseCoupon close -> ofAnOperator();
        }
    }

    /** The operator waits where the command was sent; nobody else asks about it. */
    private static void ofAnOperator() {}
}
