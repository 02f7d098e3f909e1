/** The path of a claim from HTTP to the log. Start at {@link io.firstcome.ingress.claims.ClaimService}. */
package io.firstcome.ingress.claims;
