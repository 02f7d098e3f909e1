/**
 * The thin HTTP in front of the log. Start at {@link io.firstcome.ingress.IngressService}, which says what belongs
 * together, then follow a claim from {@link io.firstcome.ingress.claims.ClaimRoutes} on.
 */
package io.firstcome.ingress;
