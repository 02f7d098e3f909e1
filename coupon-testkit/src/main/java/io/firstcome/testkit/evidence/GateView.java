package io.firstcome.testkit.evidence;

import java.time.Instant;
import java.util.Map;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.UserId;

/**
 * The content of the gate for one coupon, without the reservations: they expire and are not comparable with the log.
 *
 * @param facts the gate's copy of the coupon's state
 * @param issued the holders known to the gate, with the sequence issued to each
 */
public record GateView(Facts facts, Map<UserId, Long> issued) {

    /** The fields of the coupon's state that the gate decides from. */
    public record Facts(
            long version,
            CouponStatus status,
            long stock,
            long issued,
            Instant opensAt,
            Instant closesAt) {}

    public GateView {
        issued = Map.copyOf(issued);
    }
}
