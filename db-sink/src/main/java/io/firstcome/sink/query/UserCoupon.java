package io.firstcome.sink.query;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;

/**
 * An issue of a coupon to a user.
 *
 * @param name the name of the coupon; null while its definition is only in the dead-letter topic
 * @param sequence the rank among the issues of the coupon, from 1
 * @param nth which issue of this coupon to the user it is, from 1, revoked ones included
 * @param requestId the request that the coupon was issued for
 * @param revokedAt when the coupon was revoked; null while the user holds it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record UserCoupon(CouponId couponId, String name, long sequence, int nth, Instant issuedAt, RequestId requestId,
        Instant revokedAt) {

    PageCursor cursor() {
        return new PageCursor(issuedAt, couponId, sequence);
    }
}
