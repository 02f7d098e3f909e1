package io.firstcome.gate.projection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.gate.projection.GateWriter.GateSummary;

/**
 * Finds the open coupons that stay cold, so that they are filled. A coupon is cold when Redis lacks its facts, has an
 * older version of them, or knows fewer sequences or revocations than are counted. The gate may still admit claims on a
 * cold coupon: it replies COLD only where it cannot judge.
 *
 * <p>The gate may lag behind the coupon directory for a moment, because both read the log at their own pace. So a
 * coupon counts as cold only while Redis lacks what was committed when the coupon was first seen cold. That lasts for
 * {@code FIRSTCOME_GATE_COLD_FILL_AFTER_MS} before the coupon is filled, for {@value #LAGGING_FACTOR} times as long
 * while
 * the projector has records left to read, and twice as long after each fill that did not help.
 */
final class ColdCoupons {

    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);
    private static final int LAGGING_FACTOR = 5;
    /**
     * Their commands fit into the buffers of a connection, so that only the reply, which has a timeout, is waited for.
     */
    private static final int COUPONS_PER_STEP = 100;

    private final GateWriter gate;
    private final Duration fillAfter;
    private final long intervalNanos;
    private final LongSupplier nanos;
    private final Map<CouponId, Sighting> sightings = new HashMap<>();
    private final Map<CouponId, Integer> vainFills = new HashMap<>();
    private Iterator<CouponState> pass = List.<CouponState>of().iterator();
    private long passEndedNanos;
    private volatile int cold;

    /**
     * When a coupon was first seen cold.
     *
     * @param committed the state that Redis must reach
     */
    private record Sighting(CouponState committed, long sinceNanos) {}

    /** @param nanos a clock that never goes back */
    ColdCoupons(GateWriter gate, Duration fillAfter, LongSupplier nanos) {
        this.gate = gate;
        this.fillAfter = fillAfter;
        this.intervalNanos = Math.min(LONGEST_INTERVAL.toNanos(), fillAfter.toNanos() / 2);
        this.nanos = nanos;
        this.passEndedNanos = nanos.getAsLong();
    }

    /** Whether a pass over the coupons is under way, or the next one may begin. */
    boolean isDue() {
        return pass.hasNext() || nanos.getAsLong() - passEndedNanos >= intervalNanos;
    }

    /** How many coupons were cold at the last check. Any thread may ask. */
    int count() {
        return cold;
    }

    /** Begins a pass over these coupons; what was remembered of others is forgotten. */
    void beginPass(List<CouponState> open) {
        Map<CouponId, CouponState> states = HashMap.newHashMap(open.size());
        open.forEach(state -> states.put(state.couponId(), state));
        sightings.keySet().retainAll(states.keySet());
        vainFills.keySet().retainAll(states.keySet());
        pass = open.iterator();
        passEndedNanos = nanos.getAsLong();
    }

    boolean isInPass() {
        return pass.hasNext();
    }

    /**
     * Checks the next coupons of the pass.
     *
     * @param isCaughtUp whether the projector has read all that is known to be committed
     * @param isFilling whether a fill of a coupon is under way; the wait of such a coupon starts anew
     * @return the coupons that must be filled
     */
    List<CouponId> check(boolean isCaughtUp, Predicate<CouponId> isFilling) {
        List<CouponState> states = new ArrayList<>();
        while (states.size() < COUPONS_PER_STEP && pass.hasNext()) {
            CouponState state = pass.next();
            if (!gate.isAway(state.couponId())) {
                states.add(state);
            }
        }
        List<Optional<GateSummary>> summaries = gate.summaries(states.stream().map(CouponState::couponId).toList());
        List<CouponId> fill = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            CouponState state = states.get(i);
            if (mustBeFilled(state, summaries.get(i), isCaughtUp, isFilling.test(state.couponId()))) {
                fill.add(state.couponId());
            }
        }
        cold = sightings.size();
        return fill;
    }

    private boolean mustBeFilled(CouponState committed, Optional<GateSummary> summary, boolean isCaughtUp,
            boolean isFilling) {
        CouponId couponId = committed.couponId();
        long now = nanos.getAsLong();
        Sighting first = sightings.get(couponId);
        if (first == null || isFilling || !isCold(first.committed(), summary)) {
            if (isCold(committed, summary)) {
                sightings.put(couponId, new Sighting(committed, now));
            } else {
                sightings.remove(couponId);
                vainFills.remove(couponId);
            }
            return false;
        }
        int fills = vainFills.getOrDefault(couponId, 0);
        long firstWait = fillAfter.toNanos() * (isCaughtUp ? 1 : LAGGING_FACTOR);
        // Fills that do not help make the wait longer, but no longer than a minute, unless the setting says more.
        long wait = Math.min(Math.max(firstWait, LONGEST_WAIT.toNanos()), firstWait << Math.min(fills, 10));
        if (now - first.sinceNanos() < wait) {
            return false;
        }
        sightings.put(couponId, new Sighting(committed, now));
        vainFills.put(couponId, fills + 1);
        return true;
    }

    private static boolean isCold(CouponState committed, Optional<GateSummary> summary) {
        return summary.filter(it -> it.version() >= committed.version()
                && it.known() >= Math.max(it.issued(), committed.issued())
                && it.removed() >= Math.max(it.revoked(), committed.revoked())).isEmpty();
    }
}
