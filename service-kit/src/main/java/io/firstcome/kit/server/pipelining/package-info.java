/**
 * Requests that callers send before they have the answer to the last one. Start at
 * {@link io.firstcome.kit.server.pipelining.PipelinedRequests}.
 */
package io.firstcome.kit.server.pipelining;
