package io.firstcome.sink.query;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;

/**
 * A coupon that a user holds.
 *
 * @param name the name of the coupon; null while its definition is only in the dead-letter topic
 * @param sequence the rank among the issues of the coupon, from 1
 * @param requestId the request that the coupon was issued for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UserCoupon(CouponId couponId, String name, long sequence, Instant issuedAt, RequestId requestId) {

    PageCursor cursor() {
        return new PageCursor(issuedAt, couponId);
    }
}
