package io.firstcome.gate.admission;

import java.util.concurrent.CompletionStage;

/**
 * The fast no in front of the log. It only ever saves work: what it admits, the authority decides, and what it refuses
 * has been decided already.
 */
public interface AdmissionGate {

    /**
     * Asks whether a claim is worth writing to the log.
     *
     * @return the answer; it never fails and never keeps anybody long: trouble is {@link AdmissionOutcome.Unavailable}
     */
    CompletionStage<AdmissionOutcome> admit(AdmissionRequest request);
}
