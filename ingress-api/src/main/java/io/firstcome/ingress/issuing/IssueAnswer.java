package io.firstcome.ingress.issuing;

import java.time.Instant;

import io.firstcome.contract.RequestId;
import io.firstcome.ingress.admission.AdmissionOutcome.Refusal;

/** Everything that a claim can be answered. */
sealed interface IssueAnswer {

    /** The user holds the coupon by this very request. */
    record Issued(long sequence, Instant issuedAt) implements IssueAnswer {}

    /** A request of this user stands in the log and will be decided: this one, or an earlier one. */
    record Pending(RequestId requestId) implements IssueAnswer {}

    /** Decided: no. */
    record Refused(Refusal why) implements IssueAnswer {}

    /** Decided: the user holds one by another request. */
    record AlreadyIssued(long sequence) implements IssueAnswer {}

    /** Decided: no coupon of that name is defined. */
    record UnknownCoupon() implements IssueAnswer {}

    /** The requestId belongs to another user's or another coupon's request. */
    record KeyReused() implements IssueAnswer {}

    /** What is left of the stock is reserved for requests under way. */
    record StockReserved() implements IssueAnswer {}

    /** More than may go to the log without the gate's help. */
    record Overloaded() implements IssueAnswer {}

    /** The log did not take the request. */
    record Unavailable() implements IssueAnswer {}

    /** The log may have taken the request. */
    record OutcomeUnknown() implements IssueAnswer {}

    /** The authority could not read the request. */
    record Invalid(String detail) implements IssueAnswer {}
}
