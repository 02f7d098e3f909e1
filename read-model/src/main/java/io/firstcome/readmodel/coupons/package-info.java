/** What this ingress knows of every coupon, in memory. */
package io.firstcome.readmodel.coupons;
