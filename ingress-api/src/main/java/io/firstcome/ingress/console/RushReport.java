package io.firstcome.ingress.console;

import java.time.Instant;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;

/**
 * How a rush goes, or went. Values that are not known yet are null and absent from the JSON.
 *
 * @param claims how many claims the rush sends: some users send several
 * @param answered the claims with a final answer so far
 * @param issued the claims that were answered "issued"
 * @param rejected the claims that were rejected, by reason
 * @param unanswered the claims that ended without a final answer: whether they were issued is not known from their
 *     answers
 * @param notSent the claims that a stop of the rush held back
 * @param retries the answers after which a claim was repeated, such as {@code 503 stock-reserved} or {@code 429
 *     rate-limited}
 * @param winners the first winners, by sequence
 * @param guarantees one result for each guarantee, after the check
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record RushReport(String rushId, CouponId couponId, State state, int users, int claims, Instant startedAt,
        Long durationMs, int answered, int issued, Map<String, Integer> rejected, int unanswered, int notSent,
        Map<String, Integer> retries, Waits waitsOfWinners, Waits waitsOfAll, List<Winner> winners,
        List<GuaranteeCheck> guarantees, Result result) {

    /** What the rush does. */
    enum State {
        CLAIMING, CHECKING, DONE
    }

    /** Whether a guarantee held. */
    enum Result {
        PASS,
        FAIL,
        /** The check was not possible, so nothing is claimed. */
        UNKNOWN
    }

    /** Milliseconds from the first request of a claim to its final answer. */
    record Waits(long p50Ms, long p99Ms, long maxMs) {}

    /** A user who was issued the coupon. */
    record Winner(UserId userId, RequestId requestId, long sequence, long waitMs) {}

    /**
     * The check of one guarantee against the authority's holders.
     *
     * @param name the guarantee, for the page's texts
     * @param detail what was compared, or why nothing could be
     * @param counts what was counted, for the page's texts
     */
    record GuaranteeCheck(String name, Result result, String detail, Map<String, Long> counts) {

        static GuaranteeCheck unknown(String name, String reason) {
            return new GuaranteeCheck(name, Result.UNKNOWN, reason, Map.of());
        }
    }
}
