package io.firstcome.contract;

/** Why a claim did not get a coupon. Each is final for its request, not for the user. */
public enum RejectionReason {
    /** No such coupon has been defined. */
    UNKNOWN_COUPON,
    /** The user already holds one, from another request. */
    ALREADY_ISSUED,
    /** An operator has paused the coupon. */
    PAUSED,
    /** The claim reached the log before {@code opensAt}. */
    NOT_STARTED,
    /** The claim reached the log at or after {@code closesAt}, or the coupon was closed. */
    ENDED,
    /** Every coupon of the stock had been issued. */
    SOLD_OUT
}
