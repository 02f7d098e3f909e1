package io.firstcome.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;

/**
 * An HTTP response as it was received.
 *
 * @param headers by lower-case name; for a repeated name the last value
 */
public record RawAnswer(int status, Map<String, String> headers, byte[] body) {

    /** The value of a header; the name is case-insensitive. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, UTF_8);
    }

    /** The body as JSON. */
    public JsonNode json() {
        return Json.read(body, JsonNode.class);
    }

    /** Whether the server keeps the connection open for another request. */
    public boolean keepsConnection() {
        return header("Connection").map(value -> !value.equalsIgnoreCase("close")).orElse(true);
    }

    @Override
    public String toString() {
        return status + " " + headers + " " + text();
    }
}
