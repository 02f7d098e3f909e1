/**
 * Looking into the authority's stores over HTTP: {@link io.firstcome.processor.query.CouponQueries} has the routes,
 * {@code OwnerDirectory} knows which instance to ask.
 */
package io.firstcome.processor.query;
