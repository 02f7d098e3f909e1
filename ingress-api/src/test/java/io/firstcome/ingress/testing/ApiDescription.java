package io.firstcome.ingress.testing;

import static java.util.stream.Collectors.toCollection;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.testkit.description.Schemas;

/** {@code openapi.yaml} with resolved references. */
public final class ApiDescription {

    private static final JsonNode DOCUMENT = read();

    private ApiDescription() {}

    /** A method at a path, such as {@code GET /v1/coupons/{couponId}}. */
    public record Operation(String method, String path, JsonNode node) {

        boolean answers(String requestMethod, String requestPath) {
            return method.equals(requestMethod) && matches(requestPath);
        }

        boolean matches(String requestPath) {
            return requestPath.matches(path.replaceAll("\\{\\w+}", "[^/]+"));
        }

        public boolean hasTag(String tag) {
            return node.path("tags").valueStream().anyMatch(it -> it.asText().equals(tag));
        }

        /** An operation of both ports has a tag besides that of the operators. */
        public boolean isOfCallers() {
            return node.path("tags").valueStream().anyMatch(it -> !it.asText().equals("operators"));
        }

        public boolean isSecuredBy(String scheme) {
            return node.path("security").findValue(scheme) != null;
        }

        public boolean hasParameter(String parameter) {
            return node.path("parameters").valueStream().anyMatch(it -> it.path("name").asText().equals(parameter));
        }

        public boolean hasBody() {
            return node.has("requestBody");
        }

        public JsonNode bodySchema() {
            return node.at("/requestBody/content/application~1json/schema");
        }

        /** The parameters of the operation and of its path. */
        List<JsonNode> parameters() {
            return Stream.of(node, DOCUMENT.path("paths").path(path))
                    .flatMap(it -> it.path("parameters").valueStream()).map(ApiDescription::follow).toList();
        }

        String pathParameter(String name, String requestPath) {
            return requestPath.replaceFirst(path.replace("{" + name + "}", "(.*)").replaceAll("\\{\\w+}", "[^/]+"),
                    "$1");
        }

        public List<DescribedAnswer> answers() {
            return node.path("responses").propertyStream().filter(it -> !it.getKey().equals("default"))
                    .map(it -> new DescribedAnswer(this, Integer.parseInt(it.getKey()), follow(it.getValue())))
                    .toList();
        }

        Optional<DescribedAnswer> answer(int status) {
            return answers().stream().filter(it -> it.status() == status).findAny();
        }

        boolean mayAnswer(int status, String problem) {
            return answer(status).stream().anyMatch(it -> it.problems().anyMatch(problem::equals));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** One described answer of an operation. */
    public record DescribedAnswer(Operation operation, int status, JsonNode node) {

        /** The names of the problems; one empty name when the answer is no problem. */
        public Stream<String> problems() {
            JsonNode schema = node.path("content").path("application/problem+json").path("schema");
            if (schema.isMissingNode()) {
                return Stream.of("");
            }
            Stream<JsonNode> kinds = schema.has("oneOf") ? schema.path("oneOf").valueStream() : Stream.of(schema);
            return kinds.map(kind -> kind.path("$ref").asText().replaceFirst(".*/problem\\.", ""));
        }

        Stream<String> requiredHeaders() {
            return node.path("headers").propertyStream()
                    .filter(it -> follow(it.getValue()).path("required").asBoolean())
                    .map(it -> it.getKey().toLowerCase(Locale.ROOT));
        }

        JsonNode header(String name) {
            return node.path("headers").propertyStream().filter(it -> it.getKey().equalsIgnoreCase(name))
                    .map(it -> follow(it.getValue())).findAny().orElse(null);
        }
    }

    /** The answer with this problem that any operation may give. */
    static Optional<DescribedAnswer> everywhere(String problem) {
        return everywhere().filter(it -> it.problems().anyMatch(problem::equals)).findAny();
    }

    /** The answers that any operation may give, each with its status; 400 for an answer with several statuses. */
    public static Stream<DescribedAnswer> everywhere() {
        var anything = new Operation("ANY", "/", null);
        return DOCUMENT.path("x-everywhere").valueStream()
                .map(it -> new DescribedAnswer(anything, status(follow(it)), follow(it)));
    }

    private static int status(JsonNode answer) {
        JsonNode status = follow(answer.path("content").path("application/problem+json").path("schema"))
                .at("/properties/status");
        return status.path("const").asInt(400);
    }

    public static JsonNode document() {
        return DOCUMENT;
    }

    public static List<Operation> operations() {
        return DOCUMENT.path("paths").propertyStream().flatMap(path -> path.getValue().propertyStream()
                .filter(it -> !it.getKey().equals("parameters"))
                .map(it -> new Operation(it.getKey().toUpperCase(Locale.ROOT), path.getKey(), it.getValue())))
                .toList();
    }

    /** The type URIs of all problems. */
    public static TreeSet<String> problemTypes() {
        return StreamSupport.stream(DOCUMENT.at("/components/schemas/ProblemType/enum").spliterator(), false)
                .map(JsonNode::asText).collect(toCollection(TreeSet::new));
    }

    public static JsonNode follow(JsonNode node) {
        return node.has("$ref") ? DOCUMENT.at(node.path("$ref").asText().substring(1)) : node;
    }

    /** The schema of the data of each event, by event name. */
    static JsonNode events() {
        return DOCUMENT
                .at("/paths/~1v1~1coupons~1{couponId}~1events/get/responses/200/content/text~1event-stream/x-events");
    }

    private static JsonNode read() {
        return Schemas.yaml(ApiDescription.class.getResourceAsStream("/io/firstcome/ingress/documents/openapi.yaml"));
    }
}
