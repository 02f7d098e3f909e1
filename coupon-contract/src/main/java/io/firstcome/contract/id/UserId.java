package io.firstcome.contract.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import io.firstcome.contract.json.Require;

/**
 * Identifies the user who claims a coupon. The calling back end chooses the id.
 *
 * @param value 1 to 64 of the characters {@code A-Z a-z 0-9 _ -}
 */
public record UserId(@JsonValue String value) {

    /** @throws ContractViolation when the value is null or has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UserId {
        Require.identifier("userId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
