package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The name of one coupon campaign. It is the key of every record about it, and so decides its partition.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 _ -}
 */
public record CouponId(@JsonValue String value) {

    /** @throws ContractViolation when the value is not such a name */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CouponId {
        Require.identifier("couponId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
