package io.firstcome.ingress.projection;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.firstcome.contract.CouponId;

/**
 * Which coupons differ so far, and since which look. A repair that did not help, because the log no longer holds what
 * is missing, is repeated ever more rarely.
 */
final class Suspicions {

    private static final int LOOKS = 3;
    private static final int RAREST = 10;

    private final Map<CouponId, Suspicion> suspicions = new LinkedHashMap<>();
    private final Map<CouponId, Futility> repaired = new HashMap<>();

    /** @param looks how many looks in a row found something */
    private record Suspicion(Look last, int looks) {}

    /** @param repairs how many in a row, without a look in between that found nothing */
    private record Futility(int repairs, long nextRound) {

        Futility after(long round) {
            return new Futility(repairs + 1, round + (1L << Math.min(repairs, RAREST)));
        }
    }

    /** @return what differs, once there is no doubt */
    Optional<List<String>> judge(Inspection inspection, long round) {
        CouponId coupon = inspection.coupon();
        Suspicion before = suspicions.getOrDefault(coupon, new Suspicion(inspection.look(), 0));
        List<String> found = inspection.differencesSince(before.last);
        if (found.isEmpty()) {
            suspicions.remove(coupon);
            repaired.remove(coupon);
        } else if (before.looks + 1 < LOOKS) {
            suspicions.put(coupon, new Suspicion(inspection.look(), before.looks + 1));
        } else {
            suspicions.remove(coupon);
            return mayRepair(coupon, round) ? Optional.of(found) : Optional.empty();
        }
        return Optional.empty();
    }

    private boolean mayRepair(CouponId coupon, long round) {
        return !repaired.containsKey(coupon) || repaired.get(coupon).nextRound <= round;
    }

    void repaired(CouponId coupon, long round) {
        repaired.put(coupon, repaired.getOrDefault(coupon, new Futility(0, 0)).after(round));
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
