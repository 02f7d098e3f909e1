package io.firstcome.testkit.evidence;

import java.util.List;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;

/** What an HTTP answer says about a claim. */
public sealed interface Reply {

    /** 202 for the request that was sent: the claim is in the log and will be decided. */
    record Accepted() implements Reply {}

    /** 202 that refers to an earlier request of the same user. It says nothing about the request that was sent. */
    record InFlight(RequestId earlier) implements Reply {}

    /** 201, or status ISSUED in a later query: the coupon was issued to this request. */
    record Issued(long sequence) implements Reply {}

    /**
     * A final rejection.
     *
     * @param heldSequences the sequences that the user holds, ascending; none when the answer contains none
     */
    record Rejected(RejectionReason reason, List<Long> heldSequences) implements Reply {
        public Rejected {
            heldSequences = List.copyOf(heldSequences);
        }
    }

    /**
     * The fate of the request is unknown: 429, 5xx, a timeout or a broken connection.
     *
     * @param what the status or error, for reports
     */
    record Uncertain(String what) implements Reply {}

    /** 202 for the request that was sent. */
    static Reply accepted() {
        return new Accepted();
    }

    /** 201 with this sequence. */
    static Reply issued(long sequence) {
        return new Issued(sequence);
    }

    /** A final rejection without a held sequence. */
    static Reply rejected(RejectionReason reason) {
        return new Rejected(reason, List.of());
    }

    /** 409 {@code already-issued} with the sequence that the user holds. */
    static Reply alreadyIssued(long heldSequence) {
        return new Rejected(RejectionReason.ALREADY_ISSUED, List.of(heldSequence));
    }

    /** 409 {@code limit-reached} with the sequences that the user holds. */
    static Reply limitReached(List<Long> heldSequences) {
        return new Rejected(RejectionReason.LIMIT_REACHED, heldSequences);
    }

    /** An answer, or a missing answer, that leaves the fate of the request unknown. */
    static Reply uncertain(String what) {
        return new Uncertain(what);
    }
}
