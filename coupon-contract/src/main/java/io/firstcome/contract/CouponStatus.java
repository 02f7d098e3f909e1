package io.firstcome.contract;

/** What an operator has done with a coupon. Whether its window is open is a matter of time, not of status. */
public enum CouponStatus {
    /** Claims are decided by window and stock. */
    ACTIVE,
    /** Claims are rejected as {@code PAUSED} until someone resumes it. */
    PAUSED,
    /** Ended for good: no claim wins and nothing changes any more. */
    CLOSED
}
