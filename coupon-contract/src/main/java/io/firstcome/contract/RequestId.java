package io.firstcome.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * One attempt of one caller. The same attempt repeated under the same id is answered with the same outcome.
 *
 * @param value 1 to 64 of {@code A-Z a-z 0-9 _ -}
 */
public record RequestId(@JsonValue String value) {

    /** @throws ContractViolation when the value is not such a name */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RequestId {
        Require.identifier("requestId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
