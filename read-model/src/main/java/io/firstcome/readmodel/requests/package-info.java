/**
 * The requests that this ingress has read, and the callers that wait for an answer. Start at
 * {@link io.firstcome.readmodel.requests.RequestTracker}.
 */
package io.firstcome.readmodel.requests;
