package io.firstcome.testkit.cases;

/** What the gate may reply, by the names that {@code admit.lua} uses. */
public enum GateReply {
    /** Reserved; the claim goes to the log. */
    ADMITTED,
    /** By committed facts the user holds the coupon, won by this request or by another. */
    ALREADY_ISSUED,
    /** By committed facts the whole stock is issued. */
    SOLD_OUT,
    /** The window opens later, by more than clocks may differ. */
    NOT_STARTED,
    /** Closed, or the window closed earlier by more than clocks may differ. */
    ENDED,
    /** By committed facts an operator has paused the coupon. */
    PAUSED,
    /** An earlier claim of this user, under another request, is undecided. */
    IN_FLIGHT,
    /** Issued and reserved together make up the stock, issued alone do not. */
    FULL,
    /** The gate knows nothing of this coupon. */
    COLD
}
