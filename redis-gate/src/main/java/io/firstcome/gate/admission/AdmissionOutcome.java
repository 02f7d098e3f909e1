package io.firstcome.gate.admission;

import java.time.Instant;

import io.firstcome.contract.RequestId;

/** What the gate says. Only {@link AlreadyIssued} and the {@link Refusal}s are final, and those rest on committed facts. */
public sealed interface AdmissionOutcome {

    /** A place is reserved for a while: go on to the log. */
    record Admitted() implements AdmissionOutcome {}

    /** The user holds a coupon, from the request named here. */
    record AlreadyIssued(long sequence, RequestId requestId, Instant issuedAt) implements AdmissionOutcome {}

    /** Another request of this user has a reservation. Whether it reached the log is not known here. */
    record InFlight(RequestId earlier) implements AdmissionOutcome {}

    /** What is left is reserved by others; it may come free. */
    record Full() implements AdmissionOutcome {}

    /** The gate does not know enough about this coupon to refuse anybody. */
    record Cold() implements AdmissionOutcome {}

    /** Redis is away or too slow. */
    record Unavailable() implements AdmissionOutcome {}

    /** A final no to everybody who holds no coupon yet. */
    sealed interface Refusal extends AdmissionOutcome {}

    /** Every coupon of the stock has been issued. */
    record SoldOut() implements Refusal {}

    /** Claims win from {@code opensAt} on. */
    record NotStarted(Instant opensAt) implements Refusal {}

    /** The window has closed, or an operator closed the coupon. */
    record Ended() implements Refusal {}

    /** An operator has paused the coupon. */
    record Paused() implements Refusal {}
}
