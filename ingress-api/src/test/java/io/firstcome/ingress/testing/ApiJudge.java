package io.firstcome.ingress.testing;

import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.firstcome.ingress.testing.ApiDescription.DescribedAnswer;
import io.firstcome.ingress.testing.ApiDescription.Operation;
import io.firstcome.testkit.description.Schemas;
import io.firstcome.testkit.http.RawAnswer;

/**
 * Checks each answer that a test receives against {@code openapi.yaml}: status, media type, headers and every member of
 * the body. Also checks each successful request, because a request must succeed with the described members alone.
 */
public final class ApiJudge {

    /** Headers of HTTP itself, and headers that the description states once for all answers. */
    private static final Set<String> HTTP_HEADERS = Set.of("date", "content-type", "content-length",
            "transfer-encoding",
            "connection", "keep-alive", "x-content-type-options", "cache-control");
    private static final Schemas SCHEMAS = Schemas.ofOpenApi(ApiDescription.document());
    private static final Map<String, Set<String>> SEEN = new ConcurrentSkipListMap<>();

    private ApiJudge() {}

    /**
     * The answers so far, such as {@code POST /v1/coupons/{couponId}/issues 409 sold-out}, with the tests that got
     * them.
     */
    public static SortedMap<String, Set<String>> seen() {
        return new TreeMap<>(SEEN);
    }

    /**
     * Checks an answer and, if the request succeeded, the request. Checks a body only if it is JSON.
     *
     * @param body the body of the request
     * @param test the test that sent the request
     * @throws AssertionError when the document does not allow it
     */
    static void judge(HttpResponse<?> answer, String body, String test) {
        Optional<Operation> operation = judge(Answer.of(answer), test);
        if (answer.statusCode() < 300) {
            operation.ifPresent(it -> judgeRequest(it, answer.request(), body));
        }
    }

    /**
     * Checks an answer that a test received over a raw connection.
     *
     * @param target the target in the request line
     */
    public static void judge(String method, String target, RawAnswer answer) {
        judge(Answer.of(method, target.split("\\?", 2)[0], answer), CurrentTest.name());
    }

    private static Optional<Operation> judge(Answer answer, String test) {
        Optional<Operation> operation = ApiDescription.operations().stream()
                .filter(it -> it.answers(answer.method(), answer.path())).findFirst();
        Optional<DescribedAnswer> everywhere = ApiDescription.everywhere(answer.problem());
        everywhere.ifPresent(it -> judge(it, answer, test));
        if (operation.isPresent()
                && (everywhere.isEmpty() || operation.get().mayAnswer(answer.status(), answer.problem()))) {
            judge(operation.get().answer(answer.status()).orElseThrow(() -> fault(answer, "has no such status")),
                    answer, test);
        } else if (everywhere.isEmpty()) {
            throw fault(answer, "has no such answer");
        }
        return operation;
    }

    private static void judge(DescribedAnswer described, Answer answer, String test) {
        JsonNode content = described.node().path("content").path(answer.mediaType());
        if (content.isMissingNode()) {
            throw fault(answer, "has no content of type " + answer.mediaType());
        }
        judgeHeaders(described, answer);
        if (answer.mediaType().endsWith("json")) {
            judge(answer, content.path("schema"), answer.json());
        }
        if (!answer.problem().isEmpty() && answer.json().path("status").asInt() != answer.status()) {
            throw fault(answer, "requires the same status in the body and in the status line");
        }
        SEEN.computeIfAbsent(described.operation() + " " + described.status() + " " + answer.problem(),
                any -> new ConcurrentSkipListSet<>()).add(test);
    }

    private static void judgeHeaders(DescribedAnswer described, Answer answer) {
        answer.headers().forEach((name, text) -> {
            JsonNode header = described.header(name);
            if (header != null) {
                judge(answer, header.path("schema"), value(header, text));
            } else if (!HTTP_HEADERS.contains(name)) {
                throw fault(answer, "has no header " + name);
            }
        });
        described.requiredHeaders().filter(it -> !answer.headers().containsKey(it)).findAny().ifPresent(missing -> {
            throw fault(answer, "promises a header " + missing);
        });
    }

    private static void judgeRequest(Operation operation, HttpRequest request, String body) {
        if (operation.hasBody()) {
            judge(request, operation.bodySchema(), Answer.json(body));
        }
        operation.parameters().forEach(parameter -> sent(operation, parameter, request).forEach(
                text -> judge(request, parameter.path("schema"), value(parameter, text))));
    }

    private static List<String> sent(Operation operation, JsonNode parameter, HttpRequest request) {
        String name = parameter.path("name").asText();
        return switch (parameter.path("in").asText()) {
            case "header" -> request.headers().allValues(name);
            case "query" -> query(request.uri().getRawQuery(), name);
            default -> List.of(operation.pathParameter(name, request.uri().getPath()));
        };
    }

    private static List<String> query(String query, String name) {
        return query == null
                ? List.of()
                : Arrays.stream(query.split("&")).filter(it -> it.startsWith(name + "="))
                        .map(it -> URLDecoder.decode(it.substring(name.length() + 1), StandardCharsets.UTF_8)).toList();
    }

    private static JsonNode value(JsonNode described, String text) {
        boolean number = described.path("schema").path("type").asText().equals("integer") && text.matches("\\d{1,9}");
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return number ? nodes.numberNode(Integer.parseInt(text)) : nodes.textNode(text);
    }

    /** Checks an event that a subscriber received. */
    static void judgeEvent(String name, JsonNode data) {
        JsonNode schema = ApiDescription.events().path(name);
        if (schema.isMissingNode()) {
            throw new AssertionError("openapi.yaml has no event " + name + ": " + data);
        }
        judge("the event " + name, schema, data);
    }

    /** The faults of a value by a named schema of the document. */
    public static List<String> faults(String schema, JsonNode value) {
        return SCHEMAS.faults(schema, value);
    }

    /** The faults of a value by a schema inside the document. */
    public static List<String> faults(JsonNode schema, JsonNode value) {
        return SCHEMAS.faults(schema, value);
    }

    private static void judge(Object where, JsonNode schema, JsonNode value) {
        List<String> faults = faults(schema, value);
        if (!faults.isEmpty()) {
            throw new AssertionError("openapi.yaml does not allow " + value + ": " + faults + ": " + where);
        }
    }

    private static AssertionError fault(Answer answer, String what) {
        return new AssertionError("openapi.yaml " + what + ": " + answer);
    }
}
