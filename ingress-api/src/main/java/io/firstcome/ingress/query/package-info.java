/** What can be asked: coupons, a request, and what only the authority or the sink can tell. */
package io.firstcome.ingress.query;
