package io.firstcome.ingress.projection;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponId;
import io.micrometer.core.instrument.Counter;

/**
 * Looks for what somebody else did to the projection: an operator's hand, an eviction, a bug. Each round it looks at
 * every coupon once, one small step at a time. What differs is looked at again, a pause apart; only if no lag can explain
 * it, for so long, are the coupon's keys removed, at the end of the round all at once, so that a partition is read anew but
 * once. Used by the thread that writes the projection, and only while that has nothing to catch up with.
 */
final class GateSweep {

    private static final Logger LOG = LoggerFactory.getLogger(GateSweep.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    /** Within it a partition that lost its leader has another. */
    private static final Duration LONGEST_LAG = Duration.ofSeconds(15);
    /** An ingress with another setting and another clock may have made it. */
    private static final Duration LONGEST_RESERVATION = Duration.ofMinutes(15);

    private final KeptCoupons coupons;
    private final GateInspector inspector;
    private final Counter repairs;
    private final long intervalNanos;
    private final long pauseNanos;

    private final Queue<CouponId> due = new ArrayDeque<>();
    private final LongSupplier nanoTime;
    private final Suspicions suspicions;
    private final Map<CouponId, List<String>> broken = new LinkedHashMap<>();
    private Inspection inspection;
    private long round;
    private long nextRoundNanos;
    private long nextLookNanos;

    /** @param interval from the beginning of one round to that of the next */
    GateSweep(KeptCoupons coupons, GateInspector inspector, Duration interval, LongSupplier nanoTime,
            Counter repairs) {
        this.coupons = coupons;
        this.inspector = inspector;
        this.repairs = repairs;
        this.intervalNanos = interval.toNanos();
        this.pauseNanos = Math.min(intervalNanos, LONGEST_PAUSE.toNanos());
        this.suspicions = new Suspicions(Duration.ofNanos(Math.min(intervalNanos / 2, LONGEST_LAG.toNanos())));
        this.nanoTime = nanoTime;
        this.nextRoundNanos = nanoTime.getAsLong();
        this.nextLookNanos = nextRoundNanos;
    }

    /** Whether there is more to do at once. */
    boolean isUnderWay() {
        return inspection != null || !due.isEmpty();
    }

    /**
     * Does a little.
     *
     * @param isOurs whether the caller is the one who writes a coupon's projection
     * @return what is broken, once all of a round is known: to be removed and projected anew
     */
    Set<CouponId> step(Predicate<CouponId> isOurs) {
        if (inspection != null) {
            inspection.step();
        } else if (!due.isEmpty()) {
            begin(due.poll(), isOurs);
        } else {
            return goOn();
        }
        if (inspection != null && inspection.isComplete()) {
            judge(inspection);
            inspection = null;
        }
        return Set.of();
    }

    private void begin(CouponId coupon, Predicate<CouponId> isOurs) {
        long latest = System.currentTimeMillis() + LONGEST_RESERVATION.toMillis();
        coupons.find(coupon).filter(state -> isOurs.test(coupon)).ifPresentOrElse(
                state -> inspection = new Inspection(inspector, state, latest), () -> suspicions.remove(coupon));
    }

    private void judge(Inspection done) {
        List<String> stuck = done.look().gate().stuck();
        if (!stuck.isEmpty()) {
            repairing(done.coupon(), stuck);
            inspector.removeReservations(done.coupon());
        }
        long now = nanoTime.getAsLong();
        suspicions.judge(done, round, now).ifPresent(differences -> broken.put(done.coupon(), differences));
        nextLookNanos = now + pauseNanos;
    }

    /** Another look at what is suspected; else the repair of what is broken; else the next round. */
    private Set<CouponId> goOn() {
        if (!suspicions.coupons().isEmpty()) {
            due.addAll(isPast(nextLookNanos) ? suspicions.coupons() : Set.of());
        } else if (!broken.isEmpty()) {
            return broken();
        } else if (isPast(nextRoundNanos)) {
            round++;
            nextRoundNanos = nanoTime.getAsLong() + intervalNanos;
            due.addAll(coupons.all());
            suspicions.forgetRepairs(coupon -> coupons.find(coupon).isPresent());
        }
        return Set.of();
    }

    private boolean isPast(long nanos) {
        return nanoTime.getAsLong() - nanos >= 0;
    }

    /**
     * Looks at once for what cannot be written to.
     *
     * @param unwritable coupons of which one could not be written
     * @return those that are broken: to be removed and projected anew
     */
    Set<CouponId> damaged(Set<CouponId> unwritable) {
        for (CouponId coupon : unwritable) {
            GateContent content = inspector.look(coupon, Long.MAX_VALUE);
            List<String> damage = Stream.concat(content.damage().stream(), content.stuck().stream()).toList();
            if (!damage.isEmpty()) {
                broken.put(coupon, damage);
            }
        }
        return broken();
    }

    private Set<CouponId> broken() {
        return Set.copyOf(broken.keySet());
    }

    /** Removes the keys of what is broken, once their partitions stand nowhere: else they might never come back. */
    void remove() {
        broken.forEach((coupon, differences) -> {
            repairing(coupon, differences);
            suspicions.repaired(coupon, round);
            inspector.remove(coupon);
        });
        broken.clear();
    }

    private void repairing(CouponId coupon, List<String> differences) {
        LOG.warn("the gate's keys of {} are not what was written, and are removed: {}", coupon,
                String.join(", ", differences));
        repairs.increment();
    }

    /** Forgets what was found: the projection is about to be written anew, or by somebody else. */
    void reset() {
        due.clear();
        suspicions.clear();
        broken.clear();
        inspection = null;
    }
}
