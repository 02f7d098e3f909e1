package io.firstcome.ingress.claims;

import io.firstcome.gate.admission.AdmissionOutcome.Ended;
import io.firstcome.gate.admission.AdmissionOutcome.NotStarted;
import io.firstcome.gate.admission.AdmissionOutcome.Paused;
import io.firstcome.gate.admission.AdmissionOutcome.Refusal;
import io.firstcome.gate.admission.AdmissionOutcome.SoldOut;
import io.firstcome.kit.http.Problem;

/** The problems that only a claim can meet. */
final class ClaimProblems {

    private ClaimProblems() {}

    static Problem refused(Refusal refusal) {
        return switch (refusal) {
            case SoldOut soldOut -> Problem.of("sold-out", 409, "Sold out.", "Every coupon has been issued.");
            case NotStarted notStarted -> Problem.of("not-started", 409, "Not open yet.",
                    "Claims win from opensAt on.").with("opensAt", notStarted.opensAt());
            case Ended ended -> Problem.of("ended", 410, "Over.", "The coupon no longer takes claims.");
            case Paused paused -> Problem.of("paused", 409, "Paused.", "The coupon takes no claims at the moment.");
        };
    }

    static Problem alreadyIssued(long sequence) {
        return Problem.of("already-issued", 409, "The user holds this coupon already.",
                "It was issued to another request.").with("sequence", sequence);
    }

    static Problem keyReused() {
        return Problem.of("idempotency-key-reused", 422, "This Idempotency-Key was used for something else.",
                "It names a request for another user or coupon. Choose a new key for a new request.");
    }

    static Problem stockReserved() {
        return Problem.of("stock-reserved", 503, "All that is left is reserved.",
                "Other claims are being decided; some may come free. Ask again.");
    }

    static Problem notTaken() {
        return Problem.unavailable("This time the claim was not taken. Ask again.");
    }
}
