/**
 * Spans of sampled requests, in one trace from HTTP through the log to MySQL. Start at
 * {@link io.firstcome.kit.tracing.Tracing}.
 */
package io.firstcome.kit.tracing;
