package io.firstcome.ingress.admin;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Supplier;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.topic.Topics;
import io.firstcome.readmodel.coupons.CouponRegistry;

/**
 * When coupons may be archived. Archiving makes the authority forget the holders, and from then on a holder's repeated
 * claim is rejected. So no coupon is archived before the commands of its time have expired: until then a client may
 * repeat a claim whose answer it has lost, and a command that was set aside may be replayed.
 */
public final class ArchiveTimes {

    private static final Duration DECLARED_RETENTION = Duration
            .ofMillis(Long.parseLong(Topics.COMMANDS.settings().get("retention.ms")));

    private final CouponRegistry registry;
    private final Duration after;
    private final Supplier<Optional<Duration>> retention;
    private final Supplier<Duration> skew;

    /**
     * @param after how long after its end a coupon is archived, if the commands do not live longer
     * @param retention how long the brokers keep commands now; empty for ever
     * @param skew how far the clock of this ingress may differ from the brokers' at this moment, because archiving
     *     cannot be undone
     */
    public ArchiveTimes(CouponRegistry registry, Duration after, Supplier<Optional<Duration>> retention,
            Supplier<Duration> skew) {
        this.registry = registry;
        this.after = after;
        this.retention = retention;
        this.skew = skew;
    }

    /**
     * How long after its end a coupon is archived without an operator. Empty where commands are kept for ever: then no
     * time is after their retention.
     */
    Optional<Duration> delay() {
        return retention.get().map(commands -> commands.compareTo(after) > 0 ? commands : after);
    }

    /** Whether a coupon ended, by this clock, at least so long ago. */
    boolean hasEnded(CouponState state, Duration delay, Instant now) {
        return !registry.endOf(state).isAfter(now.minus(delay).minus(skew.get()));
    }

    /**
     * From when on an operator may archive a coupon; empty from then on. The authority would archive a coupon as soon
     * as it has ended, and this ingress may not have read yet when that was. Where commands are kept for ever, the
     * operator has to wait for the retention that is declared.
     */
    Optional<Instant> earliest(CouponState state, Instant now) {
        if (state.status() == CouponStatus.ARCHIVED) {
            return Optional.empty();
        }
        Duration delay = retention.get().orElse(DECLARED_RETENTION);
        return hasEnded(state, delay, now)
                ? Optional.empty()
                : Optional.of(registry.endOf(state).plus(delay).plus(skew.get()).truncatedTo(ChronoUnit.SECONDS)
                        .plusSeconds(1));
    }
}
