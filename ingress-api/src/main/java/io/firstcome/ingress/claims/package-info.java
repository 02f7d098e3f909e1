/** A claim, from HTTP to the log and back. Start at {@link io.firstcome.ingress.claims.ClaimService}. */
package io.firstcome.ingress.claims;
