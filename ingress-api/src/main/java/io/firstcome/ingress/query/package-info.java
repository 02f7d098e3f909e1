/** Queries: coupons, the status of a request, and what only the authority or the sink know. */
package io.firstcome.ingress.query;
