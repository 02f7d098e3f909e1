package io.firstcome.testkit.evidence;

import java.time.Instant;
import java.util.Map;

import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.UserId;

/**
 * What the gate holds of one coupon, apart from reservations, which come and go.
 *
 * @param facts the committed facts it answers from
 * @param issued the users that it takes for holders, with their numbers
 */
public record GateView(Facts facts, Map<UserId, Long> issued) {

    /** The gate's copy of the coupon's state. */
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
