/** Settles what was decided into the gate, so that Redis can be lost at any time and catches up by itself. */
package io.firstcome.gate.projection;
