package io.firstcome.contract;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.DefaultValues;
import io.firstcome.contract.json.Require;

/**
 * The attributes of a coupon that an operator sets.
 *
 * @param couponId the coupon
 * @param name the name shown to users, 1 to 200 characters without control characters
 * @param stock how many may be held at the same time by all users, 1 to {@link #MAX_STOCK}
 * @param opensAt the start of the window, inclusive; whole milliseconds, UTC
 * @param closesAt the end of the window, exclusive; after {@code opensAt}
 * @param perUser how many one user may hold at the same time, 1 to {@link #MAX_PER_USER}. The JSON omits 1, so that
 *     a reader of an earlier release can read every coupon that does not use the limit
 * @param reclaim whether a user whose coupon was revoked may claim again. The JSON omits {@code true}, for the same
 *     reason
 */
public record CouponDefinition(
        CouponId couponId,
        String name,
        long stock,
        Instant opensAt,
        Instant closesAt,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultValues.One.class) int perUser,
        @JsonInclude(value = JsonInclude.Include.CUSTOM, valueFilter = DefaultValues.True.class) boolean reclaim)
        implements
            AboutCoupon {

    /** The largest stock that one coupon may have. */
    public static final long MAX_STOCK = 1_000_000_000;

    /** The largest number that one user may be allowed to hold. */
    public static final int MAX_PER_USER = 100;

    /**
     * How often one user is issued the same coupon at most, revoked coupons included. The authority keeps every issue,
     * so the number is bounded; a user who claims again after so many revocations is rejected as {@code REVOKED}.
     */
    public static final int MAX_ISSUES_PER_USER = 200;

    /** @throws ContractViolation naming the first field that is not valid */
    public CouponDefinition {
        Require.present("couponId", couponId);
        Require.text("name", name, 200);
        Require.between("stock", stock, 1, MAX_STOCK);
        Require.time("opensAt", opensAt);
        Require.time("closesAt", closesAt);
        Require.that(closesAt.isAfter(opensAt), "closesAt", "must be after opensAt");
        Require.between("perUser", perUser, 1, MAX_PER_USER);
    }

    /** A coupon of which each user may hold one, and claim again after a revocation. */
    public CouponDefinition(CouponId couponId, String name, long stock, Instant opensAt, Instant closesAt) {
        this(couponId, name, stock, opensAt, closesAt, 1, true);
    }

    /**
     * Reads a definition from JSON.
     *
     * @param perUser null for 1
     * @param reclaim null for true
     */
    @JsonCreator
    static CouponDefinition of(@JsonProperty("couponId") CouponId couponId, @JsonProperty("name") String name,
            @JsonProperty("stock") long stock, @JsonProperty("opensAt") Instant opensAt,
            @JsonProperty("closesAt") Instant closesAt, @JsonProperty("perUser") Integer perUser,
            @JsonProperty("reclaim") Boolean reclaim) {
        return new CouponDefinition(couponId, name, stock, opensAt, closesAt, perUser == null ? 1 : perUser,
                reclaim == null || reclaim);
    }
}
