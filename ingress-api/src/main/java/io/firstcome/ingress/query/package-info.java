/** What can be asked: a coupon, a request, and what only the authority can tell. */
package io.firstcome.ingress.query;
