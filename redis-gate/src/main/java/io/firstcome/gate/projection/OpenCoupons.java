package io.firstcome.gate.projection;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.GateSettings;

/**
 * The coupons that the gate must be able to judge: neither closed by an operator nor past {@code closesAt}. Claims on
 * all other coupons are rejected from the read model or decided by the log.
 */
public final class OpenCoupons {

    private final CouponDirectory directory;
    private final GateSettings settings;
    private final InstantSource clock;
    private final Supplier<Duration> skew;

    /**
     * @param directory all coupons that are known
     * @param skew how far the clock may differ from the brokers' at this moment
     */
    public OpenCoupons(CouponDirectory directory, GateSettings settings, InstantSource clock, Supplier<Duration> skew) {
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
        this.skew = skew;
    }

    /** Whether a partition is read without a long delay, so that {@link #isReadSince} soon answers yes. */
    boolean isCurrent(int partition) {
        return directory.isCurrent(partition);
    }

    /**
     * Whether the coupons of a partition are known with states at least as new as this moment, a value of
     * {@link System#nanoTime}.
     */
    boolean isReadSince(int partition, long moment) {
        return directory.isReadSince(partition, moment);
    }

    /** The newest committed states of all open coupons. */
    Stream<CouponState> all() {
        return directory.all().filter(this::isOpen);
    }

    /** The newest committed state of a coupon; empty when the coupon is not open or not known. */
    Optional<CouponState> find(CouponId couponId) {
        return directory.find(couponId).filter(this::isOpen);
    }

    private boolean isOpen(CouponState state) {
        return !state.status().isFinal()
                && clock.instant().isBefore(state.definition().closesAt().plus(skew.get()));
    }

    /** Whether Redis no longer keeps the coupon. What is written for such a coupon would only expire at once. */
    boolean isRetentionOver(CouponId couponId) {
        Instant now = clock.instant();
        return directory.find(couponId)
                .map(state -> state.definition().closesAt().plus(settings.retention()).plus(skew.get()))
                .filter(end -> !now.isBefore(end)).isPresent();
    }
}
