/** The coupons that this ingress has read. Start at {@link io.firstcome.readmodel.coupons.CouponRegistry}. */
package io.firstcome.readmodel.coupons;
