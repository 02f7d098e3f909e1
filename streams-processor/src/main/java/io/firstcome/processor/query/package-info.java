/**
 * Queries of the authority's stores over HTTP. {@link io.firstcome.processor.query.CouponQueries} has the routes,
 * {@code OwnerLookup} finds the instance that owns a coupon, {@code Forwarder} sends a query there.
 */
package io.firstcome.processor.query;
