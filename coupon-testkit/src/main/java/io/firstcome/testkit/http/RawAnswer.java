package io.firstcome.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.Json;

/**
 * An HTTP answer as it came over the wire.
 *
 * @param headers by name in lower case; of a name that came twice, the last
 */
public record RawAnswer(int status, Map<String, String> headers, byte[] body) {

    /** One header's value. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The body as text. */
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
