package io.firstcome.contract.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;

/**
 * Reads and writes the JSON of the topics and of the HTTP API. Reading is strict: unknown fields, repeated fields,
 * numbers in place of text, fractions in place of integers, times that are not ISO-8601 and trailing content are
 * errors.
 */
public final class Json {

    private static final ObjectMapper MAPPER = strictMapper();

    private Json() {}

    /** The shared mapper. Callers must not change its configuration. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** Serializes a value to JSON in UTF-8. */
    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /**
     * Deserializes exactly one value.
     *
     * @param json UTF-8 text; null is reported as a missing body
     * @throws NewerFormat when the bytes are valid JSON with a type, field or constant that is not known
     * @throws ContractViolation when the bytes are not a valid value of this type; the message names the field
     */
    public static <T> T read(byte[] json, Class<T> type) {
        if (json == null) {
            throw new ContractViolation("body", "is missing");
        }
        String text;
        try {
            // Jackson would detect other encodings and accept overlong UTF-8, so the text is decoded strictly here.
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(json)).toString();
        } catch (CharacterCodingException e) {
            throw new ContractViolation("body", "is not valid UTF-8");
        }
        try {
            return Require.present("body", MAPPER.readValue(text, type));
        } catch (JsonProcessingException e) {
            throw violation(e, text);
        }
    }

    /** Jackson stops at the first unknown name. Only a text that is valid JSON to its end may be of a newer version. */
    private static ContractViolation violation(JsonProcessingException problem, String text) {
        ContractViolation violation = JsonErrors.violation(problem);
        if (violation instanceof NewerFormat) {
            try {
                MAPPER.readTree(text);
            } catch (JsonProcessingException e) {
                return JsonErrors.violation(e);
            }
        }
        return violation;
    }

    private static ObjectMapper strictMapper() {
        return JsonMapper.builder()
                .addModules(new JavaTimeModule(), new SimpleModule().addDeserializer(Instant.class, new IsoInstant()))
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.AUTO_DETECT_IS_GETTERS)
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withCoercionConfigDefaults(any -> any.setAcceptBlankAsEmpty(false))
                .withCoercionConfig(LogicalType.Textual,
                        text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build();
    }

    /** Accepts ISO-8601 text only: a number could be seconds or milliseconds, and a wrong guess moves a window. */
    private static final class IsoInstant extends StdScalarDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        IsoInstant() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING) {
                throw notATime(parser);
            }
            try {
                return Instant.parse(parser.getText());
            } catch (DateTimeParseException e) {
                throw notATime(parser);
            }
        }

        private static JsonMappingException notATime(JsonParser parser) throws IOException {
            String field = parser.currentName() == null ? "body" : parser.currentName();
            var named = new ContractViolation(field, "must be a UTC time such as 2026-01-31T09:00:00Z");
            return new JsonMappingException(parser, named.getMessage(), named);
        }
    }
}
