/**
 * The operators' console: a page on the operators' port, its stream of events, the search for holders, and rushes.
 * Start at {@link io.firstcome.ingress.console.ConsoleRoutes}.
 */
package io.firstcome.ingress.console;
