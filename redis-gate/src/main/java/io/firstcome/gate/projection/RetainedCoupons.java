package io.firstcome.gate.projection;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.gate.GateSettings;

/** The registry as the projector sees it: which coupons Redis should hold, and where they stand. */
public final class RetainedCoupons {

    private final CouponDirectory directory;
    private final GateSettings settings;
    private final InstantSource clock;

    /** @param directory the coupons that are known */
    public RetainedCoupons(CouponDirectory directory, GateSettings settings, InstantSource clock) {
        this.directory = directory;
        this.settings = settings;
        this.clock = clock;
    }

    /** Those that Redis should hold; none while the registry is still being read. */
    List<CouponId> all() {
        return directory.isCurrent()
                ? directory.all().filter(this::isKept).map(CouponState::couponId).toList()
                : List.of();
    }

    /** Where a coupon stands that Redis should hold. */
    Optional<CouponState> find(CouponId coupon) {
        return directory.find(coupon).filter(this::isKept);
    }

    /** Whether Redis has forgotten a coupon because its time is over. Near that moment it is neither kept nor over. */
    boolean isOver(CouponId coupon) {
        return directory.find(coupon).filter(state -> leftMillis(state) <= -settings.skew().toMillis()).isPresent();
    }

    private boolean isKept(CouponState state) {
        return leftMillis(state) > settings.skew().toMillis();
    }

    private long leftMillis(CouponState state) {
        return Duration.between(clock.instant(), state.definition().closesAt()).plus(settings.keep()).toMillis();
    }
}
