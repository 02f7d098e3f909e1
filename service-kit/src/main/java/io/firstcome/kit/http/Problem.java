package io.firstcome.kit.http;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * A problem document of RFC 9457.
 *
 * @param status the HTTP status, {@link ProblemType#status()} for all types but {@link ProblemType#REFUSED}
 * @param detail what is wrong this time, or null
 * @param members further members, such as {@code requestId} or {@code sequence}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail"})
public record Problem(ProblemType type, int status, String detail, @JsonAnyGetter Map<String, Object> members) {

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A problem with the default detail of its type. */
    public static Problem of(ProblemType type) {
        return of(type, type.detail());
    }

    /** A problem with a detail of its own. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, type.status(), detail, Map.of());
    }

    /** A problem of type {@link ProblemType#REFUSED} with the status that the HTTP server chose. */
    public static Problem refused(int status) {
        return new Problem(ProblemType.REFUSED, status, null, Map.of());
    }

    /** The request is not valid; {@code field} is the part at fault. */
    public static Problem invalidRequest(String field, String detail) {
        return of(ProblemType.INVALID_REQUEST, detail).with("field", field);
    }

    /** The service cannot answer at the moment; the same request may be sent again. */
    public static Problem unavailable(String detail) {
        return of(ProblemType.UNAVAILABLE, detail);
    }

    /** The same problem with one more member. */
    public Problem with(String member, Object value) {
        Map<String, Object> extended = new LinkedHashMap<>(members);
        extended.put(member, value);
        return new Problem(type, status, detail, extended);
    }

    /** The title of the type. */
    @JsonProperty
    public String title() {
        return type.title();
    }
}
