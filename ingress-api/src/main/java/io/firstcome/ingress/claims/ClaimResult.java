package io.firstcome.ingress.claims;

import java.time.Instant;

import io.firstcome.contract.RequestId;
import io.firstcome.gate.admission.AdmissionOutcome.Refusal;

/** Everything that a claim can be answered. */
sealed interface ClaimResult {

    /** The user holds the coupon by this very request. */
    record Issued(long sequence, Instant issuedAt) implements ClaimResult {}

    /** A request of this user stands in the log and will be decided: this one, or an earlier one. */
    record Pending(RequestId requestId) implements ClaimResult {}

    /** Decided: no. */
    record Refused(Refusal why) implements ClaimResult {}

    /** Decided: the user holds one by another request. */
    record AlreadyIssued(long sequence) implements ClaimResult {}

    /** Decided: no coupon of that name is defined. */
    record UnknownCoupon() implements ClaimResult {}

    /** The requestId belongs to another user's or another coupon's request. */
    record KeyReused() implements ClaimResult {}

    /** What is left of the stock is reserved for requests under way. */
    record StockReserved() implements ClaimResult {}

    /** More than may go to the log without the gate's help. */
    record Overloaded() implements ClaimResult {}

    /** The log did not take the request. */
    record Unavailable() implements ClaimResult {}

    /** The log may have taken the request. */
    record OutcomeUnknown() implements ClaimResult {}

    /** The authority could not read the request. */
    record Invalid(String detail) implements ClaimResult {}
}
