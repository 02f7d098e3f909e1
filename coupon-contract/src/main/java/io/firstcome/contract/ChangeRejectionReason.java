package io.firstcome.contract;

/** Why the authority rejected an operator's command. A rejected command changes nothing. */
public enum ChangeRejectionReason {
    /**
     * The command pauses, resumes, closes or archives a coupon, or revokes an issue of one, that has not been defined.
     */
    UNKNOWN_COUPON,
    /** The new stock is smaller than the number of coupons that users hold. */
    STOCK_BELOW_ISSUED,
    /** The coupon is closed or archived. Such a coupon cannot be changed or reopened. */
    COUPON_CLOSED,
    /** The coupon has not ended, so it cannot be archived. */
    NOT_ENDED,
    /** The user holds no coupon that could be revoked, or not the one with the sequence that the command names. */
    NOT_HELD,
    /** The user holds several coupons, and the command does not name the sequence of the one to revoke. */
    SEQUENCE_REQUIRED
}
