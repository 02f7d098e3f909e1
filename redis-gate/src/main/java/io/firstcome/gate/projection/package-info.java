/**
 * Writes what the log decided to the gate, and fills from the authority what Redis lost. Start at {@link
 * io.firstcome.gate.projection.GateStore}.
 */
package io.firstcome.gate.projection;
