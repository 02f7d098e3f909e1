package io.firstcome.ingress.console;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.ProblemType;

/** The answer of the callers' port to one claim. */
sealed interface ClaimAnswer {

    /** The reason of a claim of a user who holds the coupon already. */
    String ALREADY_ISSUED = ProblemType.of(RejectionReason.ALREADY_ISSUED).id();

    /** The user has the coupon. */
    record Issued(long sequence) implements ClaimAnswer {}

    /**
     * The claim was rejected.
     *
     * @param reason the name of the problem, such as {@code sold-out}
     * @param heldSequence with {@code already-issued} the number that the user holds, else 0
     */
    record Rejected(String reason, long heldSequence) implements ClaimAnswer {

        private static final Set<String> DECISIONS = Arrays.stream(RejectionReason.values())
                .filter(reason -> reason != RejectionReason.UNKNOWN_COUPON)
                .map(reason -> ProblemType.of(reason).id()).collect(Collectors.toUnmodifiableSet());

        /** Whether it says something about the coupon: not that the claim is malformed or not permitted. */
        boolean isDecision() {
            return DECISIONS.contains(reason);
        }

        boolean isAlreadyIssued() {
            return reason.equals(ALREADY_ISSUED);
        }
    }

    /**
     * Not final: the claim may be repeated with the same key.
     *
     * @param what the status and the name of the problem, or the failure of the connection
     */
    record NotFinal(String what) implements ClaimAnswer {}

    /** A claim with the answer that it got last. */
    record Answered(UserId userId, RequestId requestId, ClaimAnswer answer, long waitMs) {}

    /**
     * Reads an answer. A claim that waited for the decision on an earlier claim of its user is answered with that
     * claim's issue, which must not count as a second one.
     *
     * @param sent the request that is answered
     */
    static ClaimAnswer of(RequestId sent, int status, byte[] json) {
        try {
            JsonNode body = Json.read(json, JsonNode.class);
            String problem = body.path("type").asText().replace(ProblemType.URI_PREFIX, "");
            return switch (status) {
                case 201 -> body.path("requestId").asText().equals(sent.value())
                        ? new Issued(body.path("sequence").asLong())
                        : new Rejected(ALREADY_ISSUED, body.path("sequence").asLong());
                case 202 -> new NotFinal("202 pending");
                case 400, 401, 403, 404, 409, 410, 422 -> new Rejected(problem, body.path("sequence").asLong());
                default -> new NotFinal((status + " " + problem).strip());
            };
        } catch (ContractViolation e) {
            return new NotFinal(status + " without JSON");
        }
    }
}
