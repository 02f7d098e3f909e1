package io.firstcome.contract.json;

import java.util.Arrays;
import java.util.Collection;
import java.util.regex.Pattern;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Translates Jackson's exceptions into messages about JSON fields. A message contains no text of the sender except
 * field names that match {@link #FIELD_NAME}: the message is written to topics and logs and shown to users, so it must
 * not carry control characters or markup.
 */
final class JsonErrors {

    private static final Pattern FIELD_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
    private static final Pattern TYPE = Pattern.compile("[A-Z][A-Za-z0-9]{0,63}");
    private static final Pattern CONSTANT = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");

    private JsonErrors() {}

    static ContractViolation violation(JsonProcessingException problem) {
        return switch (problem) {
            case JsonMappingException e when e.getCause() instanceof ContractViolation named -> named;
            case UnrecognizedPropertyException e when FIELD_NAME.matcher(e.getPropertyName()).matches() ->
                new NewerFormat(e.getPropertyName(), "is not a known field", "the field " + e.getPropertyName());
            case UnrecognizedPropertyException _ -> new ContractViolation("body", "has an unknown field");
            case InvalidTypeIdException e when e.getTypeId() != null && TYPE.matcher(e.getTypeId()).matches() ->
                new NewerFormat("type", "must be a known type", "the type " + e.getTypeId());
            case InvalidTypeIdException _ -> new ContractViolation("type", "must be a known type");
            case JsonMappingException e when fieldOf(e) == null ->
                new ContractViolation("body", "must be exactly one JSON object");
            case InvalidFormatException e when e.getTargetType().isEnum() && e.getValue() instanceof String name
                    && CONSTANT.matcher(name).matches() ->
                new NewerFormat(fieldOf(e), "must be " + kind(e.getTargetType()),
                        "the value " + name + " of " + fieldOf(e));
            case MismatchedInputException e -> new ContractViolation(fieldOf(e), "must be " + kind(e.getTargetType()));
            case JsonMappingException e when e.getCause() instanceof InputCoercionException ->
                new ContractViolation(fieldOf(e), "is too large");
            case JsonMappingException e when e.getCause() instanceof JsonProcessingException syntax ->
                violation(syntax);
            case JsonProcessingException syntax -> new ContractViolation("body",
                    "is not valid JSON or repeats a field" + locationOf(syntax));
        };
    }

    /** The innermost field of the exception's path. Jackson only descends into known fields, so the name is safe. */
    private static String fieldOf(JsonMappingException e) {
        return e.getPath().reversed().stream().map(JsonMappingException.Reference::getFieldName)
                .filter(name -> name != null).findFirst().orElse(null);
    }

    private static String kind(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        if (type.isEnum()) {
            return "one of " + Arrays.toString(type.getEnumConstants());
        }
        boolean isText = type == String.class || isTypedId(type);
        return isText ? "text" : "an object";
    }

    private static String locationOf(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String text = location == null ? "" : ": line " + location.getLineNr() + ", column " + location.getColumnNr();
        return text + (e.getProcessor() instanceof JsonParser parser ? nearestField(parser) : "");
    }

    private static String nearestField(JsonParser parser) {
        String field = parser.getParsingContext().getCurrentName();
        return field != null && FIELD_NAME.matcher(field).matches() ? ", at " + field : "";
    }

    /** A record around one text, such as a coupon id. */
    private static boolean isTypedId(Class<?> type) {
        return type.isRecord() && type.getRecordComponents().length == 1
                && type.getRecordComponents()[0].getType() == String.class;
    }
}
