/** Limits on rates and concurrency, and the client address that they apply to. */
package io.firstcome.ingress.limits;
