package io.firstcome.testkit.cases;

/**
 * The replies of the gate, named as in {@code admit.lua}. "Committed" facts are facts derived from committed outcomes.
 */
public enum GateReply {
    /** A place is reserved for the claim; it goes on to the log. */
    ADMITTED,
    /** Committed facts say that the user holds the coupon, issued to this request or to another. */
    ALREADY_ISSUED,
    /** Committed facts say that the user holds several coupons, which are as many as allowed, from other requests. */
    LIMIT_REACHED,
    /** Committed facts say that the whole stock is issued. */
    SOLD_OUT,
    /** The window opens later than now plus the allowed clock skew. */
    NOT_STARTED,
    /** The coupon is closed, or its window closed before now minus the allowed clock skew. */
    ENDED,
    /** Committed facts say that an operator has paused the coupon. */
    PAUSED,
    /** An earlier claim of this user, with another request id, is undecided. */
    IN_FLIGHT,
    /** Issued coupons and reservations together use up the stock, but the issued coupons alone do not. */
    FULL,
    /**
     * The gate cannot judge: facts are missing, old or of another log, or holders are missing for a final rejection.
     */
    COLD
}
