/** What has been decided lately, and who waits for it. Start at {@link io.firstcome.readmodel.requests.RequestTracker}. */
package io.firstcome.readmodel.requests;
