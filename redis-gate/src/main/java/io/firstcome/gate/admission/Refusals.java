package io.firstcome.gate.admission;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.gate.admission.AdmissionOutcome.Ended;
import io.firstcome.gate.admission.AdmissionOutcome.NotStarted;
import io.firstcome.gate.admission.AdmissionOutcome.Paused;
import io.firstcome.gate.admission.AdmissionOutcome.Refusal;
import io.firstcome.gate.admission.AdmissionOutcome.SoldOut;

/** The same refusals as in {@code admit.lua}, from a state in memory: no round trip for a coupon that is gone. */
public final class Refusals {

    private Refusals() {}

    /**
     * Why nobody who holds no coupon yet can get one.
     *
     * @param state what is committed
     * @param now this machine's time
     * @param skew how far this machine's clock may differ from the broker's; this close to a bound nobody is refused
     */
    public static Optional<Refusal> of(CouponState state, Instant now, Duration skew) {
        Instant opensAt = state.definition().opensAt();
        if (state.status() == CouponStatus.PAUSED) {
            return Optional.of(new Paused());
        }
        if (state.status() == CouponStatus.CLOSED) {
            return Optional.of(new Ended());
        }
        if (now.isBefore(opensAt.minus(skew))) {
            return Optional.of(new NotStarted(opensAt));
        }
        if (!now.isBefore(state.definition().closesAt().plus(skew))) {
            return Optional.of(new Ended());
        }
        return state.isSoldOut() ? Optional.of(new SoldOut()) : Optional.empty();
    }
}
