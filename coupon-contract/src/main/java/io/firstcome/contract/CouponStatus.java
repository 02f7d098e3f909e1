package io.firstcome.contract;

/**
 * The status that an operator gave to a coupon. It does not tell whether the window is open: that depends on the time.
 */
public enum CouponStatus {
    /** Claims are decided by window and stock. */
    ACTIVE,
    /** Claims are rejected as {@code PAUSED} until an operator resumes the coupon. */
    PAUSED,
    /** The coupon has ended permanently: claims are rejected as {@code ENDED} and the coupon cannot be changed. */
    CLOSED,
    /**
     * The coupon has ended long ago, and the authority no longer keeps who holds it: every claim is rejected as {@code
     * ENDED}, also one that was issued before. The database keeps the issues.
     */
    ARCHIVED;

    /** Whether the coupon has ended permanently. Its window does not matter then. */
    public boolean isFinal() {
        return this == CLOSED || this == ARCHIVED;
    }
}
