package io.firstcome.testkit.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.UserId;

/**
 * The content of the gate for one coupon, without the reservations: they expire and are not comparable with the log.
 *
 * @param facts the gate's copy of the coupon's state
 * @param held the holders known to the gate, with the sequences that each holds, ascending
 */
public record GateView(Facts facts, Map<UserId, List<Long>> held) {

    /** The fields of the coupon's state that the gate decides from. */
    public record Facts(
            long version,
            CouponStatus status,
            long stock,
            long issued,
            Instant opensAt,
            Instant closesAt,
            long revoked,
            int perUser,
            boolean reclaim) {

        /** The facts of a coupon with the definition and status of this state, and with these counts. */
        public static Facts of(CouponState state, long issued, long revoked) {
            CouponDefinition definition = state.definition();
            return new Facts(state.version(), state.status(), definition.stock(), issued, definition.opensAt(),
                    definition.closesAt(), revoked, definition.perUser(), definition.reclaim());
        }
    }

    public GateView {
        held = Map.copyOf(held);
    }
}
