package io.firstcome.bench.load;

/**
 * Which claims a load consists of. Claim {@code n} is sent by user {@code n / claimsPerUser}, so that consecutive
 * claims share a user when {@code claimsPerUser} is greater than one.
 *
 * @param couponId the coupon's id, or the common prefix of the ids when there are several coupons
 * @param coupons the number of coupons; from 2 on their ids are {@code couponId-0}, {@code couponId-1} and so on
 * @param zipfExponent the popularity of coupon {@code k} is proportional to {@code 1 / (k + 1) ^ zipfExponent}
 * @param userPrefix the prefix of all user ids and idempotency keys; two loads with different prefixes share no user
 * @param claimsPerUser how many consecutive claims one user sends
 * @param keyed whether each claim carries an {@code Idempotency-Key} of its own
 * @param waitSeconds the value of {@code Prefer: wait}, or 0 for no such header
 */
public record ClaimPattern(String couponId, int coupons, double zipfExponent, String userPrefix, int claimsPerUser,
        boolean keyed, int waitSeconds) {

    /** One claim per user for one coupon, without a key, answered as soon as the claim is accepted. */
    public static ClaimPattern of(String couponId, String userPrefix) {
        return new ClaimPattern(couponId, 1, 0, userPrefix, 1, false, 0);
    }

    /** The same claims with an {@code Idempotency-Key} each. */
    public ClaimPattern withKeys() {
        return new ClaimPattern(couponId, coupons, zipfExponent, userPrefix, claimsPerUser, true, waitSeconds);
    }

    /** The same claims with {@code Prefer: wait=10}: the answer is the decision. */
    public ClaimPattern waiting() {
        return new ClaimPattern(couponId, coupons, zipfExponent, userPrefix, claimsPerUser, keyed, 10);
    }

    /** The same claims, {@code count} consecutive ones of each user. */
    public ClaimPattern perUser(int count) {
        return new ClaimPattern(couponId, coupons, zipfExponent, userPrefix, count, keyed, waitSeconds);
    }

    /** The same claims, spread over {@code count} coupons by a Zipf distribution with exponent 1. */
    public ClaimPattern zipf(int count) {
        return new ClaimPattern(couponId, count, 1, userPrefix, claimsPerUser, keyed, waitSeconds);
    }

    /** The id of one coupon of the pattern. */
    public String couponId(int index) {
        return coupons == 1 ? couponId : couponId + "-" + index;
    }
}
