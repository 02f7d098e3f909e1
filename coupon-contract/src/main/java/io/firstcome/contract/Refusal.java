package io.firstcome.contract;

import java.util.Arrays;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Says in the sender's terms what Jackson says in Java's. None of the sender's text is repeated, save a field's name if
 * it looks like one: a refusal is written to the log and shown to people, and must be harmless to both.
 */
final class Refusal {

    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    private Refusal() {}

    static ContractViolation of(JsonProcessingException problem) {
        return switch (problem) {
            case JsonMappingException e when e.getCause() instanceof ContractViolation named -> named;
            case UnrecognizedPropertyException e -> unknown(e.getPropertyName());
            case InvalidTypeIdException e -> new ContractViolation("type", "must name a kind that is known here");
            case JsonMappingException e when fieldOf(e) == null -> notOneObject();
            case MismatchedInputException e -> new ContractViolation(fieldOf(e), "must be " + kind(e.getTargetType()));
            case JsonMappingException e when e.getCause() instanceof InputCoercionException -> tooLarge(fieldOf(e));
            case JsonMappingException e when e.getCause() instanceof JsonProcessingException syntax -> of(syntax);
            case JsonProcessingException syntax -> new ContractViolation("body",
                    "is not valid JSON, or gives a field twice" + placeOf(syntax));
        };
    }

    private static ContractViolation tooLarge(String field) {
        return new ContractViolation(field, "is too large a number");
    }

    private static ContractViolation unknown(String field) {
        return FIELD_NAME.matcher(field).matches()
                ? new ContractViolation(field, "is not a field that is known here")
                : new ContractViolation("body", "has a field that is not known here");
    }

    private static ContractViolation notOneObject() {
        return new ContractViolation("body", "must be one JSON object and nothing beside it");
    }

    /** The innermost field on the way to the problem: all fields on that way are known ones. */
    private static String fieldOf(JsonMappingException e) {
        return e.getPath().reversed().stream().map(JsonMappingException.Reference::getFieldName)
                .filter(name -> name != null).findFirst().orElse(null);
    }

    private static String kind(Class<?> type) {
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        boolean isText = type == String.class || type == CouponId.class || type == UserId.class
                || type == RequestId.class;
        return isText ? "text" : "an object";
    }

    private static String placeOf(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        String place = at == null ? "" : ": line " + at.getLineNr() + ", column " + at.getColumnNr();
        return place + (e.getProcessor() instanceof JsonParser parser ? nearestField(parser) : "");
    }

    private static String nearestField(JsonParser parser) {
        String field = parser.getParsingContext().getCurrentName();
        return field != null && FIELD_NAME.matcher(field).matches() ? ", at " + field : "";
    }
}
