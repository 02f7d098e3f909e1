package io.firstcome.ingress.claims;

import java.time.Instant;
import java.util.List;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.readmodel.requests.PendingReply;

/** The answer to a claim. */
sealed interface ClaimResult {

    /** The user holds the coupon from a request, this one or an earlier one. */
    record Issued(RequestId requestId, long sequence, Instant issuedAt) implements ClaimResult {}

    /** The log has a request of the user, this one or an earlier one, and its decision is still to come. */
    record Pending(RequestId requestId) implements ClaimResult {}

    /**
     * The same, and the caller wants to wait for the decision. The receiver of this result closes the reply.
     *
     * @param requestId the request whose decision is awaited
     * @param isAnswer whether the decision answers the claim. Otherwise the claim is to be judged anew after the
     *     decision: it is on an earlier request, and the user may hold several coupons
     */
    record Awaited(RequestId requestId, PendingReply reply, boolean isAnswer) implements ClaimResult {}

    /**
     * Something committed rules the claim out.
     *
     * @param heldSequence with {@code ALREADY_ISSUED} the number that the user holds, else null
     * @param opensAt with {@code NOT_STARTED} from when on claims are accepted, else null
     * @param heldSequences with {@code LIMIT_REACHED} the numbers that the user holds, ascending, else null
     */
    record Rejected(RejectionReason reason, Long heldSequence, Instant opensAt, List<Long> heldSequences)
            implements
                ClaimResult {

        static Rejected of(RejectionReason reason) {
            return new Rejected(reason, null, null, null);
        }

        static Rejected alreadyIssued(long heldSequence) {
            return new Rejected(RejectionReason.ALREADY_ISSUED, heldSequence, null, null);
        }

        static Rejected limitReached(List<Long> heldSequences) {
            return new Rejected(RejectionReason.LIMIT_REACHED, null, null, heldSequences);
        }
    }

    /** The claim was not accepted, or its outcome is unknown. */
    record Failed(Problem problem) implements ClaimResult {

        static Failed of(ProblemType type) {
            return new Failed(Problem.of(type));
        }
    }

    /** The answer that follows from the authority's decision on the claim, or on the coupon that was issued to it. */
    static ClaimResult of(CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> new Issued(issued.requestId(), issued.sequence(), issued.issuedAt());
            case IssueRejected rejected -> new Rejected(rejected.reason(), rejected.heldSequence(),
                    rejected.opensAt(), rejected.heldSequences());
            case IssueRevoked _ -> Rejected.of(RejectionReason.REVOKED);
            case CommandInvalid invalid -> new Failed(Problem.invalidRequest("body", invalid.detail()));
            case CouponChanged _,ChangeRejected _ ->
                throw new IllegalStateException("not an outcome of a claim: " + outcome);
        };
    }

    /** Names the answer in metrics. */
    default String label() {
        return switch (this) {
            case Issued _ -> "ISSUED";
            case Pending _ -> "PENDING";
            case Awaited _ -> "PENDING";
            case Rejected rejected -> rejected.reason().name();
            case Failed failed -> failed.problem().type().name();
        };
    }
}
