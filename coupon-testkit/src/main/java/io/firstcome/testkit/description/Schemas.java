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

/** Validates JSON values against the schemas of an OpenAPI or AsyncAPI document. */
public final class Schemas {

    private static final String PATH = "#/components/schemas/";

    private final SchemaRegistry registry;
    private final JsonNode components;
    private final Map<JsonNode, Schema> compiled = new ConcurrentHashMap<>();

    private Schemas(SpecificationVersion version, JsonNode components) {
        this.registry = SchemaRegistry.withDefaultDialect(version, it -> it
                .schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
        this.components = components;
    }

    /** Parses a YAML document and closes the stream. */
    public static JsonNode yaml(InputStream document) {
        try (document) {
            return new YAMLMapper().readTree(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The schemas of an OpenAPI document. The document allows additional members, because a later version may add some.
     * Here they are disallowed, so that a test notices a member that the document does not describe.
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

    /** The schemas of an AsyncAPI document. */
    public static Schemas ofAsyncApi(JsonNode document) {
        return new Schemas(SpecificationVersion.DRAFT_7, document.path("components"));
    }

    /** The validation errors of a value against the schema with this name; empty when the value is valid. */
    public List<String> faults(String name, JsonNode value) {
        return faults(JsonNodeFactory.instance.objectNode().put("$ref", PATH + name), value);
    }

    /** The validation errors of a value against a schema from anywhere in the document; empty when it is valid. */
    public List<String> faults(JsonNode schema, JsonNode value) {
        return compiled.computeIfAbsent(schema, this::schema).validate(value).stream().map(Object::toString).toList();
    }

    /** Compiles a schema together with the components that it may refer to. */
    private Schema schema(JsonNode schema) {
        ObjectNode alone = JsonNodeFactory.instance.objectNode();
        alone.set("components", components);
        alone.putArray("allOf").add(schema);
        return registry.getSchema(alone);
    }
}
