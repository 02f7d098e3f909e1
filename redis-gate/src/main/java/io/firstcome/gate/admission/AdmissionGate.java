package io.firstcome.gate.admission;

import java.util.concurrent.CompletionStage;

/**
 * The fast rejection in front of the log. The gate only saves work: the authority decides what the gate admits, and has
 * decided already what the gate rejects.
 */
public interface AdmissionGate {

    /**
     * Asks whether a claim is worth writing to the log.
     *
     * @return the reply. The stage never fails: when Redis is slow or away, the reply is
     * {@link AdmissionOutcome.Unavailable}
     */
    CompletionStage<AdmissionOutcome> admit(AdmissionRequest request);
}
