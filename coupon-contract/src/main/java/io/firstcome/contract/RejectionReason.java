package io.firstcome.contract;

/**
 * Why a claim was rejected. A rejection decides that request only: the user may claim again, for example after a pause
 * has ended or the stock was raised.
 */
public enum RejectionReason {
    /** The coupon has not been defined. */
    UNKNOWN_COUPON,
    /** The user already holds the coupon, issued to another request, and may hold one. */
    ALREADY_ISSUED,
    /** The user holds as many as the coupon allows, which is more than one. */
    LIMIT_REACHED,
    /**
     * The coupon that was issued to this request was revoked; or an issue to the same user was revoked, and the coupon
     * does not allow that user to claim again.
     */
    REVOKED,
    /** An operator has paused the coupon. */
    PAUSED,
    /** The claim was appended to the log before {@code opensAt}. */
    NOT_STARTED,
    /** The claim was appended to the log at or after {@code closesAt}, or the coupon is closed or archived. */
    ENDED,
    /** The whole stock was held by users. */
    SOLD_OUT
}
