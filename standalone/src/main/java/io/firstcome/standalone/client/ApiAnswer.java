package io.firstcome.standalone.client;

import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.kit.http.ProblemType;

/**
 * An answer of the HTTP API.
 *
 * @param status the status code
 * @param body the JSON of the body; a missing node when the body is no JSON
 * @param retryAfter the header {@code Retry-After}
 */
public record ApiAnswer(int status, JsonNode body, Optional<Duration> retryAfter) {

    /** Whether the status is 2xx. */
    public boolean isSuccess() {
        return status / 100 == 2;
    }

    /** The name of the problem, such as {@code sold-out}; the status where the body names none. */
    public String problem() {
        String type = body.path("type").asText("");
        return type.startsWith(ProblemType.URI_PREFIX)
                ? type.substring(ProblemType.URI_PREFIX.length())
                : "status " + status;
    }

    /** A member of the body as text; empty when the body has no such member. */
    public Optional<String> text(String member) {
        return Optional.of(body.path(member)).filter(node -> node.isValueNode() && !node.isNull())
                .map(JsonNode::asText);
    }

    /** The title and the detail of a problem in one line. */
    public String explanation() {
        String title = text("title").orElse("The server answered with status " + status + ".");
        return text("detail").filter(detail -> !detail.equals(title)).map(detail -> title + " " + detail)
                .orElse(title);
    }
}
