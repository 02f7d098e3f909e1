package io.firstcome.ingress.projection;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

import io.firstcome.contract.CouponId;

/**
 * Which coupons differ so far, and since when. What only an unusually long lag would explain must last longer than one
 * does, while damage never comes of a lag. A repair that did not help, because the log no longer holds what
 * is missing, is repeated ever more rarely.
 */
final class Suspicions {

    private static final int LOOKS = 3;
    private static final int RAREST = 10;

    private final long patienceNanos;
    private final Map<CouponId, Suspicion> suspicions = new LinkedHashMap<>();
    private final Map<CouponId, Futility> repaired = new HashMap<>();

    /** @param patience how long registry or gate may lag at most, while a broker's partitions move to another */
    Suspicions(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    /**
     * @param looks how many looks in a row found something
     * @param sinceNanos when the first of them was
     */
    private record Suspicion(Look last, int looks, long sinceNanos) {

        Suspicion confirmedBy(Look look) {
            return new Suspicion(look, looks + 1, sinceNanos);
        }
    }

    /** @param repairs how many in a row, without a look in between that found nothing */
    private record Futility(int repairs, long nextRound) {

        Futility after(long round) {
            return new Futility(repairs + 1, round + (1L << Math.min(repairs, RAREST)));
        }
    }

    /** @return what differs, once there is no doubt */
    Optional<List<String>> judge(Inspection inspection, long round, long nowNanos) {
        CouponId coupon = inspection.coupon();
        Suspicion before = suspicions.getOrDefault(coupon, new Suspicion(inspection.look(), 0, nowNanos));
        List<String> found = inspection.differencesSince(before.last);
        if (found.isEmpty()) {
            suspicions.remove(coupon);
            repaired.remove(coupon);
        } else if (mayPass(before.confirmedBy(inspection.look()), nowNanos)) {
            suspicions.put(coupon, before.confirmedBy(inspection.look()));
        } else {
            suspicions.remove(coupon);
            return mayRepair(coupon, round) ? Optional.of(found) : Optional.empty();
        }
        return Optional.empty();
    }

    private boolean mayPass(Suspicion suspicion, long nowNanos) {
        boolean isRecent = nowNanos - suspicion.sinceNanos < patienceNanos;
        return suspicion.looks < LOOKS || isRecent && !suspicion.last.gate().isDamaged();
    }

    private boolean mayRepair(CouponId coupon, long round) {
        return !repaired.containsKey(coupon) || repaired.get(coupon).nextRound <= round;
    }

    void repaired(CouponId coupon, long round) {
        repaired.put(coupon, repaired.getOrDefault(coupon, new Futility(0, 0)).after(round));
    }

    /** Forgets how futile repairs were, but for the coupons that are kept. */
    void forgetRepairs(Predicate<CouponId> kept) {
        repaired.keySet().removeIf(kept.negate());
    }

    /** Those that must be looked at again. */
    Set<CouponId> coupons() {
        return suspicions.keySet();
    }

    void remove(CouponId coupon) {
        suspicions.remove(coupon);
    }

    void clear() {
        suspicions.clear();
    }
}
