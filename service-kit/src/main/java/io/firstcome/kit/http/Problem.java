package io.firstcome.kit.http;

import java.util.LinkedHashMap;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * An error as RFC 9457 wants it.
 *
 * @param name the stable name at the end of {@link #type()}, such as {@code sold-out}
 * @param status the HTTP status
 * @param title the same sentence for every problem of this name
 * @param detail what is the matter this time and what to do, or null
 * @param members further members, such as {@code reason} or {@code sequence}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"type", "title", "status", "detail"})
public record Problem(
        @JsonIgnore String name,
        int status,
        String title,
        String detail,
        @JsonAnyGetter Map<String, Object> members) {

    /** What every type URI begins with. */
    public static final String TYPE_PREFIX = "urn:firstcome:problem:";

    /** The media type of a problem. */
    public static final String MEDIA_TYPE = "application/problem+json";

    /** A problem without further members. */
    public static Problem of(String name, int status, String title, String detail) {
        return new Problem(name, status, title, detail, Map.of());
    }

    /** The same with one more member. */
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(members);
        more.put(member, value);
        return new Problem(name, status, title, detail, more);
    }

    /** The URI that clients may switch on. */
    @JsonProperty
    public String type() {
        return TYPE_PREFIX + name;
    }

    /** 400: the request is not one that can be understood. */
    public static Problem invalidRequest(String field, String detail) {
        return of("invalid-request", 400, "The request is not valid.", detail).with("field", field);
    }

    /** 404: nothing answers at this path. */
    public static Problem notFound(String detail) {
        return of("not-found", 404, "There is nothing here.", detail);
    }

    /** 405: something answers at this path, but to other methods. */
    static Problem methodNotAllowed(String detail) {
        return of("method-not-allowed", 405, "This path does not know that method.", detail);
    }

    /** 408: the sender took its time. */
    static Problem tooSlow() {
        return of("too-slow", 408, "The request came too slowly.",
                "It must be here within " + HttpServerSettings.SEND_TIMEOUT.toSeconds() + " seconds.");
    }

    /** 413: more bytes than a body may have. */
    static Problem tooLarge() {
        return of("too-large", 413, "The body is too large.",
                "At most " + JettyConfigurer.LARGEST_BODY_BYTES + " bytes are read.");
    }

    /** 503: not now; the same request may be sent again. */
    public static Problem unavailable(String detail) {
        return of("unavailable", 503, "The service cannot answer at the moment.", detail);
    }

    /** 500: our fault, and logged under the request's id. */
    public static Problem internal() {
        return of("internal", 500, "Something went wrong on our side.",
                "It is logged under this requestId. Whether the request took effect is not known.");
    }
}
