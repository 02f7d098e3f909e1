package io.firstcome.ingress.testing;

import static java.util.stream.Collectors.toMap;

import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.contract.json.Json;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.testkit.http.RawAnswer;

/**
 * An HTTP answer that {@link ApiJudge} checks.
 *
 * @param headers by name in lower case
 */
record Answer(String method, String path, int status, Map<String, String> headers, String body) {

    static Answer of(HttpResponse<?> answer) {
        Map<String, String> headers = answer.headers().map().entrySet().stream().collect(
                toMap(it -> it.getKey().toLowerCase(Locale.ROOT), it -> String.join(", ", it.getValue())));
        return new Answer(answer.request().method(), answer.request().uri().getPath(), answer.statusCode(), headers,
                String.valueOf(answer.body()));
    }

    static Answer of(String method, String path, RawAnswer answer) {
        return new Answer(method, path, answer.status(), new TreeMap<>(answer.headers()), answer.text());
    }

    String mediaType() {
        return headers.getOrDefault("content-type", "").replaceFirst(";.*", "").strip();
    }

    /** The name of the problem; empty when the answer is no problem. */
    String problem() {
        return mediaType().equals(Problem.MEDIA_TYPE)
                ? json().path("type").asText().substring(ProblemType.URI_PREFIX.length())
                : "";
    }

    JsonNode json() {
        return json(body);
    }

    static JsonNode json(String text) {
        try {
            return Json.mapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + text, e);
        }
    }

    @Override
    public String toString() {
        return method + " " + path + " was answered " + status + " " + headers + " " + body;
    }
}
