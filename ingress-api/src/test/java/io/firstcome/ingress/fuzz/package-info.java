/** Sends thousands of requests with one fault each. Start at {@link io.firstcome.ingress.fuzz.HttpFuzzTest}. */
package io.firstcome.ingress.fuzz;
