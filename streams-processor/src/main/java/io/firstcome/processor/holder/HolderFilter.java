package io.firstcome.processor.holder;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/**
 * Knows for certain that most users do not hold a coupon, so that most claims need no look-up in the store {@code
 * issued-users}. The filter keeps a 32-bit hash of every holder of the coupons that it covers. An unknown hash proves
 * that the user holds nothing; a known one may belong to another user, and the store decides.
 *
 * <p>The filter is complete for a covered coupon, because it reads all holders when it covers the coupon, and the only
 * writer of the store adds every later one. A filter must therefore not outlive an aborted transaction or a restored
 * store.
 */
public final class HolderFilter {

    /** The most holders that are read to cover a coupon, because the reader is the thread that decides. */
    public static final int MAX_READ = 10_000;

    private static final int MAX_SLOTS = 1 << 22;
    private static final int MIN_SLOTS = 1 << 10;
    private static final int EMPTY = 0;

    private final int maxSlots;
    /** Callers choose the user ids. Without a secret they could choose ids whose hashes share their slots. */
    private final int secret = new Random().nextInt();
    private final Set<CouponId> covered = new HashSet<>();
    /** A hash table with open addressing, at most half full. */
    private int[] slots = new int[MIN_SLOTS];
    private int size;

    /** Keeps up to two million holders in 16 MB. */
    public HolderFilter() {
        this(MAX_SLOTS);
    }

    HolderFilter(int maxSlots) {
        this.maxSlots = maxSlots;
    }

    /** Whether the filter knows all holders of the coupon. */
    public boolean covers(CouponId couponId) {
        return covered.contains(couponId);
    }

    /**
     * Starts to cover a coupon.
     *
     * @param holders all holders of the coupon
     */
    public void cover(CouponId couponId, Stream<UserId> holders) {
        covered.add(couponId);
        holders.forEach(user -> add(couponId, user));
    }

    /** Adds a holder. Has no effect when the coupon is not covered. */
    public void add(CouponId couponId, UserId userId) {
        if (!covers(couponId)) {
            return;
        }
        if (2 * (size + 1) > slots.length && !grow()) {
            // The coupons that are sold next can be covered, and the store decides for the others.
            covered.clear();
            slots = new int[MIN_SLOTS];
            size = 0;
            return;
        }
        int hash = hash(couponId, userId);
        int slot = slotOf(hash);
        if (slots[slot] == EMPTY) {
            slots[slot] = hash;
            size++;
        }
    }

    /** False when the user certainly does not hold the coupon. */
    public boolean mayHold(CouponId couponId, UserId userId) {
        return !covers(couponId) || slots[slotOf(hash(couponId, userId))] != EMPTY;
    }

    private boolean grow() {
        if (slots.length >= maxSlots) {
            return false;
        }
        int[] old = slots;
        slots = new int[2 * old.length];
        Arrays.stream(old).filter(hash -> hash != EMPTY).forEach(hash -> slots[slotOf(hash)] = hash);
        return true;
    }

    /** The slot that contains the hash, otherwise the empty slot where it belongs. */
    private int slotOf(int hash) {
        int mask = slots.length - 1;
        int slot = hash & mask;
        while (slots[slot] != EMPTY && slots[slot] != hash) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /** Mixes the coupon first: hashes of similar texts differ by multiples of 31, and their sums would collide. */
    private int hash(CouponId couponId, UserId userId) {
        int hash = mix(mix(couponId.value().hashCode() ^ secret) ^ userId.value().hashCode());
        return hash == EMPTY ? 1 : hash;
    }

    /** Mixes all bits, by the finalizer of MurmurHash3. */
    private static int mix(int bits) {
        int mixed = (bits ^ bits >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return mixed ^ mixed >>> 16;
    }
}
