package io.firstcome.testkit.description;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;

/** The schemas of an OpenAPI or AsyncAPI document, and what they have against a value. */
public final class Schemas {

    private static final String PATH = "#/components/schemas/";

    private final SchemaRegistry registry;
    private final JsonNode components;
    private final Map<JsonNode, Schema> read = new ConcurrentHashMap<>();

    private Schemas(SpecificationVersion version, JsonNode components) {
        this.registry = SchemaRegistry.withDefaultDialect(version, it -> it
                .schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
        this.components = components;
    }

    /** Reads a document. */
    public static JsonNode yaml(InputStream document) {
        try (document) {
            return new YAMLMapper().readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Those of an OpenAPI document. It leaves its objects open, for clients ignore what a later version adds. What this
     * version answers is held to them as if they were closed.
     */
    public static Schemas ofOpenApi(JsonNode document) {
        JsonNode components = document.path("components").deepCopy();
        Set<String> extended = components.path("schemas").findValues("allOf").stream().flatMap(JsonNode::valueStream)
                .map(it -> it.path("$ref").asText()).collect(toSet());
        components.path("schemas").propertyStream().filter(it -> it.getValue().has("properties"))
                .filter(it -> !extended.contains(PATH + it.getKey()))
                .forEach(it -> ((ObjectNode) it.getValue()).put("unevaluatedProperties", false));
        return new Schemas(SpecificationVersion.DRAFT_2020_12, components);
    }

    /** Those of an AsyncAPI document. */
    public static Schemas ofAsyncApi(JsonNode document) {
        return new Schemas(SpecificationVersion.DRAFT_7, document.path("components"));
    }

    /** What the schema of that name has against a value. */
    public List<String> faults(String name, JsonNode value) {
        return faults(JsonNodeFactory.instance.objectNode().put("$ref", PATH + name), value);
    }

    /** What a schema from anywhere in the document has against a value. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        return read.computeIfAbsent(schema, this::schema).validate(value).stream().map(Object::toString).toList();
    }

    /** The schema by itself, beside everything that it may refer to. */
    private Schema schema(JsonNode schema) {
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        alone.set("components", components);
        alone.putArray("allOf").add(schema);
        return registry.getSchema(alone);
    }
}
