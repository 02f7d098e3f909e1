/**
 * The gate: what Redis may say before the log is asked. Start at {@link io.firstcome.gate.admission.AdmissionOutcome}
 * and {@code admit.lua}.
 */
package io.firstcome.gate.admission;
