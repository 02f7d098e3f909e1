package io.firstcome.gate.admission;

import java.time.Instant;
import java.util.List;

import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;

/**
 * The gate's answer to a claim. Only {@link AlreadyIssued}, {@link LimitReached} and {@link Rejected} are final; they
 * rest on committed facts.
 */
public sealed interface AdmissionOutcome {

    /** The gate has reserved stock for the request; the claim goes to the log. */
    record Admitted() implements AdmissionOutcome {}

    /**
     * The user holds the coupon from the request {@code requestId}. That request is the claim itself, or the user may
     * hold one coupon only.
     */
    record AlreadyIssued(long sequence, RequestId requestId, Instant issuedAt) implements AdmissionOutcome {}

    /**
     * The user holds several coupons from other requests, and not one more is allowed.
     *
     * @param sequences the numbers that the user holds, ascending
     */
    record LimitReached(List<Long> sequences) implements AdmissionOutcome {}

    /** Another request of the user has a reservation. Whether the log has that request is not known to the gate. */
    record InFlight(RequestId earlier) implements AdmissionOutcome {}

    /** The remaining stock is reserved for other requests; some of it may become available. */
    record Full() implements AdmissionOutcome {}

    /**
     * The gate cannot judge the claim: facts are missing, old or of another log, or holders are missing for a final
     * rejection.
     */
    record Cold() implements AdmissionOutcome {}

    /** Redis does not answer or answers too slowly. */
    record Unavailable() implements AdmissionOutcome {}

    /**
     * A user who holds fewer coupons than allowed cannot get one.
     *
     * @param reason {@code SOLD_OUT}, {@code NOT_STARTED}, {@code ENDED} or {@code PAUSED}
     * @param opensAt with {@code NOT_STARTED} from when on claims are accepted, else null
     * @param hasReservations with {@code SOLD_OUT} from Redis whether claims of other users still have reservations, so
     *     that the log may contain claims that are not decided
     */
    record Rejected(RejectionReason reason, Instant opensAt, boolean hasReservations) implements AdmissionOutcome {

        /** A rejection for any reason but {@code NOT_STARTED}. */
        public static Rejected of(RejectionReason reason) {
            return new Rejected(reason, null, false);
        }

        /** A rejection by Redis because no stock is left. */
        public static Rejected soldOut(boolean hasReservations) {
            return new Rejected(RejectionReason.SOLD_OUT, null, hasReservations);
        }

        /** A rejection until {@code opensAt}. */
        public static Rejected notStarted(Instant opensAt) {
            return new Rejected(RejectionReason.NOT_STARTED, opensAt, false);
        }
    }

    /** The word by which {@code admit.lua} gives this outcome; metrics use it too. */
    default String word() {
        return switch (this) {
            case Admitted _ -> "ADMITTED";
            case AlreadyIssued _ -> RejectionReason.ALREADY_ISSUED.name();
            case LimitReached _ -> RejectionReason.LIMIT_REACHED.name();
            case InFlight _ -> "IN_FLIGHT";
            case Full _ -> "FULL";
            case Cold _ -> "COLD";
            case Unavailable _ -> "UNAVAILABLE";
            case Rejected rejected -> rejected.reason().name();
        };
    }
}
