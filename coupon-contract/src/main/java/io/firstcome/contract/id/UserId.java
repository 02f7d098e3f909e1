package io.firstcome.contract.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import io.firstcome.contract.json.Require;

/**
 * Identifies the user who claims a coupon: the calling back end's id, an e-mail address, or the subject that an
 * identity provider issues, such as {@code auth0|5f7c8ec7c33c6c004bbafe82}. Case counts. JSON needs no escapes for an
 * id; a URI does.
 *
 * @param value 1 to 128 of the characters {@code A-Z a-z 0-9 _ - . : | @ + = ~}, but neither {@code .} nor {@code ..}
 */
public record UserId(@JsonValue String value) {

    /** @throws ContractViolation when the value is null or has another form */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public UserId {
        Require.userIdentifier("userId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
