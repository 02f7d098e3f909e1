package io.firstcome.readmodel.requests;

import io.firstcome.readmodel.requests.RememberedRequest.Ids;

/**
 * Finds remembered requests by some of their ids. The table holds the requests themselves in an array with open
 * addressing: six to twelve bytes a request, where a node and a key of a {@code HashMap} take more than sixty.
 */
final class RequestTable {

    private static final int MIN_SLOTS = 16;

    private final Ids ids;
    private RememberedRequest[] slots = new RememberedRequest[MIN_SLOTS];
    private int size;

    RequestTable(Ids ids) {
        this.ids = ids;
    }

    /** The request with the same ids; null when there is none. */
    RememberedRequest get(RememberedRequest like) {
        return slots[slotOf(like)];
    }

    /** Adds a request, in the place of the one with the same ids. */
    void put(RememberedRequest request) {
        int slot = slotOf(request);
        if (slots[slot] == null && ++size * 3 > slots.length * 2) {
            enlarge();
            slot = slotOf(request);
        }
        slots[slot] = request;
    }

    /** Removes the request with the same ids, if there is one. */
    void remove(RememberedRequest like) {
        int free = slotOf(like);
        if (slots[free] == null) {
            return;
        }
        size--;
        // Moves back what would no longer be found behind a free slot.
        for (int slot = next(free); slots[slot] != null; slot = next(slot)) {
            int distance = slot - home(slots[slot]) & slots.length - 1;
            if (distance >= (slot - free & slots.length - 1)) {
                slots[free] = slots[slot];
                free = slot;
            }
        }
        slots[free] = null;
    }

    private void enlarge() {
        RememberedRequest[] before = slots;
        slots = new RememberedRequest[2 * before.length];
        for (RememberedRequest request : before) {
            if (request != null) {
                slots[slotOf(request)] = request;
            }
        }
    }

    /** The slot of the request with the same ids, or the free slot where such a request belongs. */
    private int slotOf(RememberedRequest like) {
        int slot = home(like);
        while (slots[slot] != null && !ids.areEqual(slots[slot], like)) {
            slot = next(slot);
        }
        return slot;
    }

    /** The upper bits of the product depend on all bits of the hash. */
    private int home(RememberedRequest request) {
        return ids.hash(request) * 0x9E3779B1 >>> Integer.numberOfLeadingZeros(slots.length) + 1;
    }

    private int next(int slot) {
        return slot + 1 & slots.length - 1;
    }
}
