package io.firstcome.ingress.testing;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;

/** An HTTP answer with accessors for assertions. */
public record Reply(int status, String text, HttpHeaders headers) {

    public static Reply of(HttpResponse<String> response) {
        return new Reply(response.statusCode(), response.body(), response.headers());
    }

    public JsonNode json() {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not JSON: " + text, e);
        }
    }

    /** A member of the body as text; empty when the member is absent. */
    public String get(String member) {
        return json().path(member).asText();
    }

    public String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    /** Status and problem name, such as {@code 409 sold-out}. */
    public String problem() {
        return status + " " + get("type").replace("urn:firstcome:problem:", "");
    }
}
