package io.firstcome.contract.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import io.firstcome.contract.json.Require;

/**
 * Identifies one coupon campaign. It is the key of every record about the coupon and so determines the partition.
 *
 * @param value 1 to 64 of the characters {@code A-Z a-z 0-9 _ -}
 */
public record CouponId(@JsonValue String value) {

    /** @throws ContractViolation when the value is null or has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public CouponId {
        Require.identifier("couponId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
