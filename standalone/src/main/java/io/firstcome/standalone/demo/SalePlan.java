package io.firstcome.standalone.demo;

import java.time.Duration;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.UserId;

/**
 * The parameters of one flash sale.
 *
 * @param couponId the coupon
 * @param userPrefix the prefix of the users' ids
 * @param users the number of users who claim the coupon
 * @param usersWithTwoClaims how many of the users send two claims with different request ids at the same time
 * @param stock the number of coupons
 * @param connections the maximum number of concurrent claims
 * @param retryDelay the mean time between an answer that is not final and the next attempt
 */
public record SalePlan(CouponId couponId, String userPrefix, int users, int usersWithTwoClaims, int stock,
        int connections, Duration retryDelay) {

    /** What the services ask for with {@code Retry-After: 1}. */
    private static final Duration DEFAULT_RETRY_DELAY = Duration.ofSeconds(1);

    /** Enough claims for the compiler to see the hot path, few enough to take a second or two. */
    private static final int REHEARSAL_USERS = 3_000;
    private static final Duration REHEARSAL_RETRY_DELAY = Duration.ofMillis(100);

    /** A sale in which every user sends one claim. */
    public static SalePlan of(CouponId couponId, int users, int stock, int connections) {
        return new SalePlan(couponId, "user", users, 0, stock, connections, DEFAULT_RETRY_DELAY);
    }

    /**
     * A smaller sale of a coupon of its own. It runs the same code as this sale, so that the JVM has compiled that code
     * when this sale begins.
     */
    SalePlan rehearsal() {
        int fewer = Math.min(users, REHEARSAL_USERS);
        return new SalePlan(new CouponId(couponId + "-rehearsal"), userPrefix, fewer, 0,
                Math.min(stock, Math.max(1, fewer / 10)), connections, REHEARSAL_RETRY_DELAY);
    }

    /** The user with this number: an id of a back end, of an identity provider or of a mail address, in turn. */
    UserId user(int number) {
        String name = userPrefix + "-" + number;
        return new UserId(switch (number % 3) {
            case 0 -> name;
            case 1 -> "auth0|" + name;
            default -> name + "+sale@example.com";
        });
    }

    /** A copy with other users. */
    public SalePlan withUserPrefix(String prefix) {
        return new SalePlan(couponId, prefix, users, usersWithTwoClaims, stock, connections, retryDelay);
    }

    /** A copy in which the first {@code count} users send two claims. */
    public SalePlan withTwoClaimsOf(int count) {
        return new SalePlan(couponId, userPrefix, users, count, stock, connections, retryDelay);
    }

    /** A copy in which users retry after another time. */
    public SalePlan retryingAfter(Duration delay) {
        return new SalePlan(couponId, userPrefix, users, usersWithTwoClaims, stock, connections, delay);
    }
}
