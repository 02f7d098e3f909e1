package io.firstcome.sink.query;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;

/**
 * A coupon that a user holds.
 *
 * @param name the coupon's name; null while its definition is set aside among the dead letters
 * @param sequence the place in the line, from 1
 * @param requestId the request that won it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UserCoupon(CouponId couponId, String name, long sequence, Instant issuedAt, RequestId requestId) {

    PageCursor place() {
        return new PageCursor(issuedAt, couponId);
    }
}
