/** Authentication of callers. Start at {@link io.firstcome.ingress.identity.Identity}. */
package io.firstcome.ingress.identity;
