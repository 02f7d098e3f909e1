/** Thousands of requests that are almost right. Start at {@link io.firstcome.ingress.fuzz.HttpFuzzTest}. */
package io.firstcome.ingress.fuzz;
