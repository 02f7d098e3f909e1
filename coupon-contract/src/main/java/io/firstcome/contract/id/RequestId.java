package io.firstcome.contract.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import io.firstcome.contract.json.Require;

/**
 * Identifies one request of one caller, and is the HTTP {@code Idempotency-Key}. Once a claim is issued, repeating it
 * with the same id returns the same {@code CouponIssued}.
 *
 * @param value 1 to 64 of the characters {@code A-Z a-z 0-9 _ -}
 */
public record RequestId(@JsonValue String value) {

    /** @throws ContractViolation when the value is null or has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public RequestId {
        Require.identifier("requestId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
