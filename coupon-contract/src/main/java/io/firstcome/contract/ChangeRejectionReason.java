package io.firstcome.contract;

/** Why an operator's command changed nothing. */
public enum ChangeRejectionReason {
    /** Pause, resume or close of a coupon that has not been defined. */
    UNKNOWN_COUPON,
    /** The new stock is smaller than what has been issued. */
    STOCK_BELOW_ISSUED,
    /** The coupon was closed for good. */
    COUPON_CLOSED
}
