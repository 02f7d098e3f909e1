package io.firstcome.contract;

import java.time.Instant;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.Require;

/**
 * The attributes of a coupon that an operator sets.
 *
 * @param couponId the coupon
 * @param name the name shown to users, 1 to 200 characters without control characters
 * @param stock the total number that may be issued, 1 to {@link #MAX_STOCK}
 * @param opensAt the start of the window, inclusive; whole milliseconds, UTC
 * @param closesAt the end of the window, exclusive; after {@code opensAt}
 */
public record CouponDefinition(
        CouponId couponId,
        String name,
        long stock,
        Instant opensAt,
        Instant closesAt) implements AboutCoupon {

    /** The largest stock that one coupon may have. */
    public static final long MAX_STOCK = 1_000_000_000;

    /** @throws ContractViolation naming the first field that is not valid */
    public CouponDefinition {
        Require.present("couponId", couponId);
        Require.text("name", name, 200);
        Require.between("stock", stock, 1, MAX_STOCK);
        Require.time("opensAt", opensAt);
        Require.time("closesAt", closesAt);
        Require.that(closesAt.isAfter(opensAt), "closesAt", "must be after opensAt");
    }
}
