/** A claim, from HTTP to the log and back. Start at {@link io.firstcome.ingress.issuing.Issuing}. */
package io.firstcome.ingress.issuing;
