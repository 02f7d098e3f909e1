package io.firstcome.sink.rebuild;

import java.util.List;
import java.util.Map;

import io.firstcome.contract.id.CouponId;

/**
 * The result of a rebuild.
 *
 * @param coupons how many coupons were stored
 * @param holders how many holders the authority has listed
 * @param newRows how many of them were not in the tables
 * @param moved the new position of each partition that needed one
 * @param incomplete coupons of which the authority lists fewer issues than their state counts; when there are any, and
 *     they were not accepted, no position moves
 * @param archived coupons whose issues the authority has forgotten
 */
public record RebuildReport(int coupons, long holders, long newRows, Map<Integer, Long> moved,
        List<CouponId> incomplete, List<CouponId> archived) {

    /** Whether the authority listed every issue that the states count, except those of archived coupons. */
    public boolean isComplete() {
        return incomplete.isEmpty();
    }
}
