package io.firstcome.contract;

import java.time.Instant;

/**
 * What an operator decides about a coupon.
 *
 * @param couponId the coupon
 * @param name what people read, 1 to 200 characters
 * @param stock how many may be issued in all, 1 to 1,000,000,000
 * @param opensAt the first moment at which a claim can win
 * @param closesAt the first moment at which it no longer can; after {@code opensAt}
 */
public record CouponDefinition(
        CouponId couponId,
        String name,
        long stock,
        Instant opensAt,
        Instant closesAt) implements AboutCoupon {

    /** The largest stock one coupon may have. */
    public static final long LARGEST_STOCK = 1_000_000_000;

    /** @throws ContractViolation naming the first field that is not allowed */
    public CouponDefinition {
        Require.present("couponId", couponId);
        Require.text("name", name, 200);
        Require.between("stock", stock, 1, LARGEST_STOCK);
        Require.time("opensAt", opensAt);
        Require.time("closesAt", closesAt);
        Require.that(closesAt.isAfter(opensAt), "closesAt", "must be after opensAt");
    }
}
