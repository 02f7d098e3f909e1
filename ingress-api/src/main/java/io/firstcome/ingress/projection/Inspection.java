package io.firstcome.ingress.projection;

import java.util.List;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;

/** One coupon looked at: facts and counts at once, then the holders, page by page. */
final class Inspection {

    private final CouponId coupon;
    private final Look look;
    private final HolderScan scan;

    Inspection(GateInspector inspector, CouponState committed, long latestMillis) {
        this.coupon = committed.couponId();
        this.look = new Look(committed, inspector.look(coupon, latestMillis));
        this.scan = new HolderScan(inspector, coupon, look.gate());
    }

    CouponId coupon() {
        return coupon;
    }

    Look look() {
        return look;
    }

    /** Whether nothing is left to read. Holders whose very number is wrong need not be read. */
    boolean isComplete() {
        return scan.isComplete() || look.gate().holders() != look.gate().issued() || look.gate().isDamaged();
    }

    /** Reads on. */
    void step() {
        scan.step();
    }

    /** What no lag since {@code earlier} explains, once this is complete. */
    List<String> differencesSince(Look earlier) {
        List<String> found = look.differencesSince(earlier);
        if (scan.isComplete() && !scan.isAsWritten()) {
            found.add("the holders are not those that were written");
        }
        return found;
    }
}
