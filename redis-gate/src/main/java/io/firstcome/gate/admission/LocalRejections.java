package io.firstcome.gate.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RejectionReason;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;

/**
 * The rejections of {@code admit.lua}, computed from a coupon's state in the read model: they save the round trip to
 * Redis.
 */
public final class LocalRejections {

    private LocalRejections() {}

    /**
     * Why a user who does not hold the coupon cannot get it; empty when the gate or the log must decide.
     *
     * @param state a committed state
     * @param now this machine's time
     * @param skew how far this machine's clock may differ from the broker's; this close to opening and closing the log
     *     decides
     */
    public static Optional<Rejected> of(CouponState state, Instant now, Duration skew) {
        Instant opensAt = state.definition().opensAt();
        if (state.status() == CouponStatus.PAUSED) {
            return Optional.of(Rejected.of(RejectionReason.PAUSED));
        }
        if (state.status().isFinal()) {
            return Optional.of(Rejected.of(RejectionReason.ENDED));
        }
        if (now.isBefore(opensAt.minus(skew))) {
            return Optional.of(Rejected.notStarted(opensAt));
        }
        if (!now.isBefore(state.definition().closesAt().plus(skew))) {
            return Optional.of(Rejected.of(RejectionReason.ENDED));
        }
        return state.isSoldOut() ? Optional.of(Rejected.of(RejectionReason.SOLD_OUT)) : Optional.empty();
    }
}
