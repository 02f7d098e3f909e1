package io.firstcome.ingress.testing;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

import io.firstcome.contract.Json;
import io.firstcome.ingress.testing.ApiDescription.DescribedAnswer;
import io.firstcome.ingress.testing.ApiDescription.Operation;
import io.firstcome.kit.http.Problem;

/** Holds each answer that a test receives to {@code openapi.yaml}: status, media type, headers, and every member of the body. */
public final class ApiJudge {

    /** What HTTP itself adds, and what the description says of all answers at once. */
    private static final Set<String> HTTP_HEADERS = Set.of("date", "content-type", "content-length",
            "transfer-encoding",
            "connection", "keep-alive", "x-content-type-options", "cache-control");
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private static final Map<JsonNode, Schema> READ = new ConcurrentHashMap<>();
    private static final Map<String, Set<String>> SEEN = new ConcurrentSkipListMap<>();

    private ApiJudge() {}

    /** What was answered so far, as {@code POST /v1/coupons/{couponId}/issues 409 sold-out}, and in which tests. */
    public static SortedMap<String, Set<String>> seen() {
        return new TreeMap<>(SEEN);
    }

    /**
     * Judges an answer; its body only if it is JSON, as text.
     *
     * @throws AssertionError when the document does not allow it
     */
    static void judge(HttpResponse<?> answer) {
        String method = answer.request().method();
        String path = answer.request().uri().getPath();
        Optional<Operation> operation = ApiDescription.operations().stream().filter(it -> it.answers(method, path))
                .findFirst();
        Optional<DescribedAnswer> everywhere = ApiDescription.everywhere(answer.statusCode(), problem(answer));
        if (operation.isPresent()
                && (everywhere.isEmpty() || operation.get().mayAnswer(answer.statusCode(), problem(answer)))) {
            judge(operation.get(), answer);
        } else {
            judge(everywhere.orElseThrow(() -> fault(method + " " + path, answer, "has no such answer")), answer);
        }
    }

    private static void judge(Operation operation, HttpResponse<?> answer) {
        judge(operation.answer(answer.statusCode()).orElseThrow(() -> fault(operation, answer, "has no such status")),
                answer);
        SEEN.computeIfAbsent(operation + " " + answer.statusCode() + " " + problem(answer),
                any -> new ConcurrentSkipListSet<>()).add(CurrentTest.name());
    }

    private static void judge(DescribedAnswer described, HttpResponse<?> answer) {
        JsonNode content = described.node().path("content").path(mediaType(answer));
        if (content.isMissingNode()) {
            throw fault(described.operation(), answer, "has no content of type " + mediaType(answer));
        }
        judgeHeaders(described, answer);
        if (mediaType(answer).endsWith("json")) {
            judge(described.operation(), answer, content.path("schema"), json(answer));
        }
    }

    private static void judgeHeaders(DescribedAnswer described, HttpResponse<?> answer) {
        for (String name : answer.headers().map().keySet()) {
            JsonNode header = described.header(name);
            if (header != null) {
                judge(described.operation(), answer, header.path("schema"), value(header, answer, name));
            } else if (!HTTP_HEADERS.contains(name.toLowerCase(Locale.ROOT))) {
                throw fault(described.operation(), answer, "has no header " + name);
            }
        }
        described.node().path("headers").fieldNames().forEachRemaining(name -> {
            if (described.header(name).path("required").asBoolean() && answer.headers().firstValue(name).isEmpty()) {
                throw fault(described.operation(), answer, "promises a header " + name);
            }
        });
    }

    private static JsonNode value(JsonNode header, HttpResponse<?> answer, String name) {
        String text = String.join(", ", answer.headers().allValues(name));
        boolean number = header.path("schema").path("type").asText().equals("integer") && text.matches("\\d{1,9}");
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return number ? nodes.numberNode(Integer.parseInt(text)) : nodes.textNode(text);
    }

    /** What a schema of the document has against a value. */
    public static List<Error> faults(String schema, JsonNode value) {
        return faults(ref(schema), value);
    }

    private static List<Error> faults(JsonNode schema, JsonNode value) {
        return READ.computeIfAbsent(schema, ApiJudge::schema).validate(value);
    }

    private static void judge(Object operation, HttpResponse<?> answer, JsonNode schema, JsonNode value) {
        List<Error> errors = faults(schema, value);
        if (!errors.isEmpty()) {
            throw fault(operation, answer, "does not allow it: " + errors);
        }
    }

    /** The schema by itself, beside everything that it may refer to. */
    private static Schema schema(JsonNode schema) {
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        alone.set("components", ApiDescription.document().path("components"));
        alone.putArray("allOf").add(schema);
        return SCHEMAS.getSchema(alone);
    }

    private static JsonNode ref(String name) {
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private static String mediaType(HttpResponse<?> answer) {
        return answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "").strip();
    }

    private static String problem(HttpResponse<?> answer) {
        return mediaType(answer).equals(Problem.MEDIA_TYPE)
                ? json(answer).path("type").asText().substring(Problem.TYPE_PREFIX.length())
                : "";
    }

    private static JsonNode json(HttpResponse<?> answer) {
        try {
            return Json.mapper().readTree(String.valueOf(answer.body()));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + answer.body(), e);
        }
    }

    private static AssertionError fault(Object operation, HttpResponse<?> answer, String what) {
        return new AssertionError(
                "openapi.yaml " + what + ": " + operation + " was answered " + answer.statusCode() + " "
                        + answer.headers().map() + " " + answer.body());
    }
}
