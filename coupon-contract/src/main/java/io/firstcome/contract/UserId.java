package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The person who asks for a coupon, under the name that the calling back end knows them by.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 _ -}
 */
public record UserId(@JsonValue String value) {

    /** @throws ContractViolation when the value is not such a name */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UserId {
        Require.identifier("userId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
