/** The queries of the tables. Start at {@link io.firstcome.sink.query.UserCouponRoutes}. */
package io.firstcome.sink.query;
