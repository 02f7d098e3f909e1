package io.firstcome.readmodel.coupons;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/**
 * Who may hold a coupon, in a few bytes a holder. The outcomes that this ingress reads add the holders; what was
 * issued before the first outcome that it read comes from the authority ({@link #fill}). The answer "surely no holder"
 * is given only for a coupon whose holders are known up to the last one that the coupon's state counts.
 *
 * <p>The number of holders is bounded. Holders beyond the bound are not added, and their coupons stay incomplete.
 */
public final class CouponHolders {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final Map<CouponId, HolderSet> sets = new ConcurrentHashMap<>();
    private final AtomicLong size = new AtomicLong();
    private final long max;
    /** Differs in each process, so that a caller cannot choose users with equal fingerprints. */
    private final long seed = ThreadLocalRandom.current().nextLong();

    /** @param max how many holders of all coupons are remembered; 0 for none */
    public CouponHolders(long max) {
        this.max = max;
    }

    /**
     * Whether the user surely holds no coupon, as far as {@code state} counts the issued ones. A user whose coupon was
     * revoked is still remembered, so the answer is then no.
     */
    public boolean isSurelyNoHolder(CouponState state, UserId userId) {
        HolderSet set = sets.get(state.couponId());
        boolean complete = state.issued() == 0 || set != null && set.completeTo() >= state.issued();
        return complete && (set == null || !set.mayContain(fingerprint(userId)));
    }

    /** Whether all holders that {@code state} counts are known. */
    public boolean isComplete(CouponState state) {
        HolderSet set = sets.get(state.couponId());
        return state.issued() == 0 || set != null && set.completeTo() >= state.issued();
    }

    /** Applies a committed issue. Outcomes of a coupon come in the order of the log. */
    public void apply(CouponIssued issued) {
        if (!isFull()) {
            HolderSet set = sets.computeIfAbsent(issued.couponId(), _ -> new HolderSet());
            change(set, () -> set.addNext(fingerprint(issued.userId()), issued.sequence()));
        }
    }

    /** An issue that the authority lists; it may be revoked. */
    public record Listed(UserId userId, long sequence) {}

    /** Begins a fill with the authority's list, for a coupon that is not complete. */
    public Fill fill(CouponState state) {
        return new Fill(sets.computeIfAbsent(state.couponId(), _ -> new HolderSet()), state.issued());
    }

    /** The number of holders of all coupons. */
    public long size() {
        return size.get();
    }

    /** Forgets the holders of a coupon, whose place others may need. */
    public void forget(CouponId couponId) {
        HolderSet set = sets.remove(couponId);
        if (set != null) {
            size.addAndGet(-set.size());
        }
    }

    /** Whether there is no room for more holders. */
    public boolean isFull() {
        return size.get() >= max;
    }

    /** Whether all holders of a coupon can be remembered, without the place of others. */
    public boolean hasRoomFor(CouponState state) {
        HolderSet set = sets.get(state.couponId());
        return state.issued() - (set == null ? 0 : set.size()) <= max - size.get();
    }

    private void change(HolderSet set, Runnable change) {
        synchronized (set) {
            int before = set.size();
            change.run();
            size.addAndGet(set.size() - before);
        }
    }

    private int fingerprint(UserId userId) {
        String text = userId.value();
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * MULTIPLIER;
            hash ^= hash >>> 32;
        }
        return (int) (hash * MULTIPLIER >>> 32);
    }

    /** Adds the pages of the authority's list to one coupon. */
    public final class Fill {

        private final HolderSet set;
        private final long gapEnd;
        private long listed;

        private Fill(HolderSet set, long issued) {
            this.set = set;
            this.gapEnd = set.gapEnd(issued);
        }

        /**
         * Adds one page. The list may contain holders whose issue is not committed yet: they do no harm.
         *
         * @return false when there is no room for more holders
         */
        public boolean add(List<Listed> page) {
            for (Listed holder : page) {
                if (isFull()) {
                    return false;
                }
                change(set, () -> set.addFilled(fingerprint(holder.userId())));
                if (holder.sequence() <= gapEnd) {
                    listed++;
                }
            }
            return true;
        }

        /**
         * The list has ended.
         *
         * @return whether it contained each issue that was missing, revoked ones included
         */
        public boolean end() {
            if (listed == gapEnd) {
                set.filledTo(gapEnd);
            }
            return listed == gapEnd;
        }
    }
}
