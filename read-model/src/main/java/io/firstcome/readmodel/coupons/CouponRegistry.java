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

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/**
 * The state of every coupon, as far as this ingress has read the log. The registry may be behind the authority by a
 * moment, but never ahead: it holds only committed states.
 */
public final class CouponRegistry {

    private final ConcurrentNavigableMap<CouponId, CouponState> coupons = new ConcurrentSkipListMap<>(
            Comparator.comparing(CouponId::value));
    /** The counts of coupons whose state was not read yet: states and outcomes are read independently. */
    private final Map<CouponId, Counts> countsOfUnknown = new HashMap<>();
    /** Per coupon the latest decision with the reason ENDED. */
    private final Map<CouponId, Instant> latestEnded = new ConcurrentHashMap<>();
    /** Of closed coupons the earliest time at which the log is known to have them closed. */
    private final Map<CouponId, Instant> closedBy = new ConcurrentHashMap<>();
    private final Consumer<CouponId> onChange;

    private record Counts(long issued, long revoked) {

        private Counts max(Counts other) {
            return new Counts(Math.max(issued, other.issued), Math.max(revoked, other.revoked));
        }
    }

    /** @param onChange receives each coupon whose claims may be answered differently from now on */
    public CouponRegistry(Consumer<CouponId> onChange) {
        this.onChange = onChange;
    }

    /** The state of a coupon; empty when no state of this coupon has been read. */
    public Optional<CouponState> find(CouponId couponId) {
        return Optional.ofNullable(coupons.get(couponId));
    }

    /** All coupons in the order of their ids. A coupon that is added meanwhile may be missing. */
    public Stream<CouponState> all() {
        return coupons.values().stream();
    }

    /** All coupons whose ids are greater than {@code couponId}, in the order of their ids. */
    public Stream<CouponState> after(CouponId couponId) {
        return coupons.tailMap(couponId, false).values().stream();
    }

    /** Applies a committed state. States may come in any order. */
    public synchronized void apply(CouponState state) {
        CouponState before = coupons.get(state.couponId());
        CouponState after = coupons.merge(state.couponId(), state, CouponRegistry::newer);
        reportChange(before, after);
        Counts counts = countsOfUnknown.remove(state.couponId());
        if (counts != null) {
            apply(state.couponId(), counts);
        }
    }

    /**
     * Applies a committed state.
     *
     * @param at when the log had it: the time of its record or of the decision
     */
    public void apply(CouponState state, Instant at) {
        if (state.status().isFinal()) {
            closedBy.merge(state.couponId(), at, (known, read) -> read.isBefore(known) ? read : known);
        }
        apply(state);
    }

    /** When no more claims can win: the end of the window, or the time by which the coupon was closed. */
    public Instant endOf(CouponState state) {
        Instant closesAt = state.definition().closesAt();
        Instant closed = state.status().isFinal() ? closedBy.getOrDefault(state.couponId(), closesAt) : closesAt;
        return closed.isBefore(closesAt) ? closed : closesAt;
    }

    /** Applies a committed issue. Outcomes carry the count earlier than states, which the authority may throttle. */
    public void applyIssued(CouponId couponId, long sequence) {
        apply(couponId, new Counts(sequence, 0));
    }

    /**
     * Applies a committed revocation: the place is free again.
     *
     * @param revoked how many of the coupon's issues are revoked
     */
    public void applyRevoked(CouponId couponId, long revoked) {
        apply(couponId, new Counts(0, revoked));
    }

    private synchronized void apply(CouponId couponId, Counts counts) {
        CouponState before = coupons.get(couponId);
        if (before == null) {
            countsOfUnknown.merge(couponId, counts, Counts::max);
        } else {
            CouponState after = withCounts(before, counts);
            coupons.put(couponId, after);
            reportChange(before, after);
        }
    }

    /** Applies a committed rejection with the reason ENDED. */
    public void applyEnded(CouponId couponId, Instant decidedAt) {
        latestEnded.merge(couponId, decidedAt, (known, read) -> read.isAfter(known) ? read : known);
    }

    /**
     * Whether the authority has rejected a claim because the coupon has ended, so that all claims from before the end
     * are decided. The clock cannot show this: a claim that was appended in time may wait long for the authority.
     */
    public boolean isEndDecided(CouponState state) {
        return state.status().isFinal()
                || !latestEnded.getOrDefault(state.couponId(), Instant.MIN).isBefore(state.definition().closesAt());
    }

    private static CouponState newer(CouponState known, CouponState read) {
        if (read.version() > known.version()) {
            // More held than the stock belongs to a still later definition, which will be read in a moment.
            long revoked = Math.max(read.revoked(), known.revoked());
            long issued = Math.min(Math.max(read.issued(), known.issued()), read.definition().stock() + revoked);
            return new CouponState(read.definition(), read.status(), read.version(), issued, revoked);
        }
        return read.isNewerThan(known) ? read : known;
    }

    private static CouponState withCounts(CouponState known, Counts counts) {
        long issued = Math.max(known.issued(), counts.issued());
        long revoked = Math.max(known.revoked(), counts.revoked());
        // More held than the stock belongs to a later definition, which will be read in a moment. A revocation is read
        // before its issue only when this ingress started between the two; the state counts both.
        boolean fits = revoked <= issued && issued - revoked <= known.definition().stock();
        return fits ? new CouponState(known.definition(), known.status(), known.version(), issued, revoked) : known;
    }

    private void reportChange(CouponState before, CouponState after) {
        if (before != null && (after.version() != before.version() || after.isSoldOut() != before.isSoldOut())) {
            onChange.accept(after.couponId());
        }
    }
}
