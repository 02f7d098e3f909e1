package io.firstcome.gate.redis;

import java.util.List;

import io.firstcome.contract.id.CouponId;

/** The Redis keys of one coupon. The braces put all four keys into one slot of a cluster, as scripts need it. */
public final class GateKeys {

    private GateKeys() {}

    /**
     * The keys in the order in which every script takes them: facts (hash), issued (hash: user to the
     * entries {@code sequence:issuedAtMillis:requestId} of the coupons that the user holds, and marks of revoked
     * sequences), inflight (sorted set: user by expiry in ms), requests (hash: user to the requestId of the
     * reservation).
     */
    public static List<String> of(CouponId couponId) {
        String prefix = "fc:{" + couponId + "}:";
        return List.of(prefix + "facts", prefix + "issued", prefix + "inflight", prefix + "requests");
    }
}
