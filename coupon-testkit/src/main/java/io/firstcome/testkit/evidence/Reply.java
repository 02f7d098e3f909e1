package io.firstcome.testkit.evidence;

import java.util.OptionalLong;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;

/** What an HTTP answer claims about a request to issue. */
public sealed interface Reply {

    /** 202 for the request that was sent: it stands in the log and will be decided. */
    record Accepted() implements Reply {}

    /** 202 that points to an earlier request of the same user; it promises nothing about the one sent. */
    record InFlight(RequestId earlier) implements Reply {}

    /** 201, or a later look-up that says ISSUED: the user has the coupon under this request. */
    record Issued(long sequence) implements Reply {}

    /**
     * A final no.
     *
     * @param heldSequence the number that the answer says the user holds, where it says one
     */
    record Rejected(RejectionReason reason, OptionalLong heldSequence) implements Reply {}

    /** Anything that claims nothing: 429, 5xx, a time-out, a broken connection. */
    record Uncertain(String what) implements Reply {}

    /** 202 for the request that was sent. */
    static Reply accepted() {
        return new Accepted();
    }

    /** 201 with this number. */
    static Reply issued(long sequence) {
        return new Issued(sequence);
    }

    /** A final no that names no held number. */
    static Reply rejected(RejectionReason reason) {
        return new Rejected(reason, OptionalLong.empty());
    }

    /** 409 {@code already-issued} with the number held. */
    static Reply alreadyIssued(long heldSequence) {
        return new Rejected(RejectionReason.ALREADY_ISSUED, OptionalLong.of(heldSequence));
    }

    /** An answer, or the lack of one, that claims nothing. */
    static Reply uncertain(String what) {
        return new Uncertain(what);
    }
}
