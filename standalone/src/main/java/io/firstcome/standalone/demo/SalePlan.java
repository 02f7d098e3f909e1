package io.firstcome.standalone.demo;

import io.firstcome.contract.CouponId;

/**
 * One flash sale.
 *
 * @param couponId the coupon, new to the log
 * @param users how many people press the button, each once
 * @param stock how many coupons there are
 * @param connections how many of them are on the line at the same moment
 */
public record SalePlan(CouponId couponId, int users, int stock, int connections) {}
