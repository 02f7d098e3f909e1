package io.firstcome.readmodel.coupons;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;

/**
 * Every coupon as far as this ingress has read. It may be behind the authority by a moment, never ahead: whatever it
 * says was committed.
 */
public final class CouponRegistry {

    private final ConcurrentNavigableMap<CouponId, CouponState> coupons = new ConcurrentSkipListMap<>(
            Comparator.comparing(CouponId::value));
    /** How many were issued of coupons that have not been read of: states and outcomes are read side by side. */
    private final Map<CouponId, Long> aheadOfStates = new HashMap<>();
    /** When the log last said that a coupon's time was over. */
    private final Map<CouponId, Instant> ends = new ConcurrentHashMap<>();
    private final Consumer<CouponId> moved;

    /** @param moved is told of each coupon whose claims may now be answered otherwise than before */
    public CouponRegistry(Consumer<CouponId> moved) {
        this.moved = moved;
    }

    /** What is known of a coupon; empty when none of that name has been read of. */
    public Optional<CouponState> find(CouponId couponId) {
        return Optional.ofNullable(coupons.get(couponId));
    }

    /** Every coupon, in the order of their ids; those that come in meanwhile may be missing. */
    public Stream<CouponState> all() {
        return coupons.values().stream();
    }

    /** Every coupon behind a place in that order, whether or not there is one at it. */
    public Stream<CouponState> after(CouponId place) {
        return coupons.tailMap(place, false).values().stream();
    }

    /** Takes note of a committed state, in whatever order states are read. */
    public synchronized void learn(CouponState state) {
        CouponState before = coupons.get(state.couponId());
        CouponState after = coupons.merge(state.couponId(), state, CouponRegistry::newer);
        announce(before, after);
        Long ahead = aheadOfStates.remove(state.couponId());
        if (ahead != null) {
            learnIssued(state.couponId(), ahead);
        }
    }

    /** Takes note of a committed issue: outcomes tell the count earlier than the states, which may be held together. */
    public synchronized void learnIssued(CouponId couponId, long sequence) {
        CouponState before = coupons.get(couponId);
        if (before == null) {
            aheadOfStates.merge(couponId, sequence, Math::max);
        } else {
            CouponState after = counted(before, sequence);
            coupons.put(couponId, after);
            announce(before, after);
        }
    }

    /** Takes note that the log turned a claim away because the coupon's time was over. */
    public void learnEnded(CouponId couponId, Instant decidedAt) {
        ends.merge(couponId, decidedAt, (known, read) -> read.isAfter(known) ? read : known);
    }

    /**
     * Whether the log itself has come to the coupon's end, so that every claim that was in time has been decided. A clock
     * cannot tell that: what was appended in time may wait for brokers or the authority long after the end.
     */
    public boolean hasEndedInTheLog(CouponState state) {
        return state.status() == CouponStatus.CLOSED
                || !ends.getOrDefault(state.couponId(), Instant.MIN).isBefore(state.definition().closesAt());
    }

    private static CouponState newer(CouponState known, CouponState read) {
        if (read.version() > known.version()) {
            long issued = Math.max(read.issued(), known.issued());
            // More than the stock were issued under a later definition, which will be read in a moment.
            return read.withIssued(Math.min(issued, read.definition().stock()));
        }
        return read.isNewerThan(known) ? read : known;
    }

    /** A sequence beyond the stock belongs to a later definition, which will be read in a moment. */
    private static CouponState counted(CouponState known, long sequence) {
        boolean news = sequence > known.issued() && sequence <= known.definition().stock();
        return news ? known.withIssued(sequence) : known;
    }

    private void announce(CouponState before, CouponState after) {
        if (before != null && (after.version() != before.version() || after.isSoldOut() != before.isSoldOut())) {
            moved.accept(after.couponId());
        }
    }
}
