package io.firstcome.readmodel.coupons;

/**
 * The holders of one coupon as 32-bit fingerprints in an open-addressing table: 5 to 11 bytes a holder. A user who is
 * not found surely holds nothing of what was added; a user who is found may be another one with the same fingerprint
 * (one in 4,000 users at a million holders).
 *
 * <p>The authority gives the sequences 1, 2, 3 … in this order, so the set is complete up to {@link #completeTo} when
 * all sequences up to there were added. A reader that started later has a gap before the first sequence that it read;
 * {@link #filledTo} closes the gap.
 *
 * <p>Writers hold the monitor. Readers use no lock: {@code completeTo} is written after the table.
 */
final class HolderSet {

    private static final int MIN_SLOTS = 16;
    private static final int EMPTY = 0;

    private volatile int[] slots = new int[MIN_SLOTS];
    private int size;
    private volatile long completeTo;
    /** The first and the last sequence after a gap; zero without a gap. */
    private long firstAfterGap;
    private long lastAfterGap;

    /** The highest sequence up to which all holders were added. */
    long completeTo() {
        return completeTo;
    }

    /** The number of fingerprints. */
    synchronized int size() {
        return size;
    }

    /** Adds the holder of a sequence that was read from the log. Sequences come in order, repeats included. */
    synchronized void addNext(int fingerprint, long sequence) {
        long last = Math.max(completeTo, lastAfterGap);
        if (sequence <= last) {
            return;
        }
        add(fingerprint);
        if (firstAfterGap == 0 && sequence == completeTo + 1) {
            completeTo = sequence;
        } else if (firstAfterGap == 0 || sequence > lastAfterGap + 1) {
            firstAfterGap = sequence;
            lastAfterGap = sequence;
        } else {
            lastAfterGap = sequence;
        }
    }

    /** The highest sequence that a fill must contain, when {@code issued} coupons are issued. */
    synchronized long gapEnd(long issued) {
        return firstAfterGap == 0 ? issued : firstAfterGap - 1;
    }

    /** Adds a holder of a fill. */
    synchronized void addFilled(int fingerprint) {
        add(fingerprint);
    }

    /** All holders of the sequences up to {@code gapEnd} were added. */
    synchronized void filledTo(long gapEnd) {
        if (gapEnd > completeTo) {
            boolean closesGap = firstAfterGap != 0 && firstAfterGap <= gapEnd + 1;
            completeTo = closesGap ? Math.max(gapEnd, lastAfterGap) : gapEnd;
            if (closesGap) {
                firstAfterGap = 0;
                lastAfterGap = 0;
            }
        }
    }

    /** Whether a user with this fingerprint may be among the holders. */
    boolean mayContain(int fingerprint) {
        int[] table = slots;
        int stored = stored(fingerprint);
        int slot = slotOf(stored, table.length);
        while (table[slot] != EMPTY) {
            if (table[slot] == stored) {
                return true;
            }
            slot = slot + 1 & table.length - 1;
        }
        return false;
    }

    private void add(int fingerprint) {
        if (mayContain(fingerprint)) {
            return;
        }
        if (4 * (size + 1) > 3 * slots.length) {
            int[] larger = new int[2 * slots.length];
            for (int stored : slots) {
                if (stored != EMPTY) {
                    put(larger, stored);
                }
            }
            slots = larger;
        }
        put(slots, stored(fingerprint));
        size++;
    }

    private static void put(int[] table, int stored) {
        int slot = slotOf(stored, table.length);
        while (table[slot] != EMPTY) {
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = stored;
    }

    private static int stored(int fingerprint) {
        return fingerprint == EMPTY ? 1 : fingerprint;
    }

    /** The upper bits, so that a larger table keeps the order and needs nothing but the fingerprints. */
    private static int slotOf(int stored, int length) {
        return stored >>> Integer.numberOfLeadingZeros(length) + 1;
    }
}
