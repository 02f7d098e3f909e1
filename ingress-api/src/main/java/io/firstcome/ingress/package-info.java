/**
 * The HTTP API in front of the log. {@link io.firstcome.ingress.IngressService} wires the parts;
 * {@link io.firstcome.ingress.claims.ClaimRoutes} is where a claim begins.
 */
package io.firstcome.ingress;
