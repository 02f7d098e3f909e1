package io.firstcome.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;

import io.firstcome.contract.json.Json;
import io.firstcome.ingress.testing.ApiDescription;
import io.firstcome.ingress.testing.ApiDescription.Operation;
import io.firstcome.ingress.testing.ApiJudge;
import io.firstcome.ingress.testing.IngressExtension;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.TestIngress;
import io.firstcome.testing.Campaign;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;

/** {@code openapi.yaml} is valid and describes the routes. {@code ApiJudge} checks the answers in all other tests. */
@ResourceLock(IngressExtension.SHARED_INGRESSES)
class OpenApiTest {

    @RegisterExtension
    static final IngressExtension INGRESSES = IngressExtension.shared();

    private final TestIngress ingress = INGRESSES.one();
    @Test
    void shouldParseAsOpenApi() {
        // given
        var options = new ParseOptions();
        options.setResolve(true);

        // when
        var parsed = new OpenAPIV3Parser().readContents(ingress.get("/openapi.yaml").text(), null, options);

        // then
        assertThat(parsed.getMessages()).isEmpty();
        assertThat(parsed.getOpenAPI().getOpenapi()).startsWith("3.1.");
        assertThat(parsed.getOpenAPI().getPaths()).hasSize(ApiDescription.document().path("paths").size());
    }

    /** A Vert.x library on the class path contains the schema under its public URL. */
    @Test
    void shouldMatchTheOpenApiSchema() {
        // given
        var schemas = SchemaRegistry.withDialects(List.of(Dialects.getOpenApi31(), Dialects.getDraft202012()),
                it -> it.schemaIdResolvers(
                        ids -> ids.mapPrefix("https://spec.openapis.org/", "classpath:spec.openapis.org/")));
        var openApi = schemas.getSchema(SchemaLocation.of("https://spec.openapis.org/oas/3.1/schema-base/2022-10-07"));

        // then
        assertThat(openApi.validate(ApiDescription.document())).isEmpty();
    }

    @Test
    void shouldHaveExamplesThatMatchTheirSchemas() {
        ApiDescription.document().at("/components/schemas").propertyStream()
                .forEach(named -> named.getValue().path("examples").forEach(
                        example -> assertThat(ApiJudge.faults(named.getKey(), example))
                                .as(named.getKey()).isEmpty()));
        ApiDescription.document().findParents("example").forEach(parameter -> assertThat(
                ApiJudge.faults(parameter.path("schema"), parameter.path("example"))).as("%s", parameter).isEmpty());
    }

    @Test
    void shouldHaveAnExampleOfEveryObject() {
        assertThat(schemas().filter(it -> it.has("properties"))).isNotEmpty()
                .allSatisfy(it -> assertThat(it.path("examples")).as("%s", it).isNotEmpty());
    }

    @Test
    void shouldForbidUnknownMembersOnlyInRequests() {
        assertThat(schemas().filter(it -> it.path("additionalProperties").isBoolean()))
                .containsExactlyInAnyOrderElementsOf(ApiDescription.operations().stream().filter(Operation::hasBody)
                        .map(Operation::bodySchema).map(ApiDescription::follow).toList());
    }

    @Test
    void shouldGiveTheTypeOfEveryConstant() {
        assertThat(ApiDescription.document().findParents("const")).isNotEmpty()
                .allSatisfy(it -> assertThat(it.path("type").asText()).as("%s", it)
                        .isEqualTo(switch (it.path("const").getNodeType()) {
                            case NUMBER -> "integer";
                            case BOOLEAN -> "boolean";
                            case STRING -> "string";
                            case ARRAY, BINARY, MISSING, NULL, OBJECT, POJO -> "no constant of these types";
                        }));
    }

    @Test
    void shouldHaveADiscriminatorForEveryOneOf() {
        assertThat(ApiDescription.document().findParents("oneOf")).isNotEmpty().allSatisfy(it -> {
            JsonNode discriminator = it.path("discriminator");
            String member = discriminator.path("propertyName").asText();
            assertThat(discriminator.path("mapping").valueStream().map(JsonNode::asText))
                    .containsExactlyElementsOf(it.path("oneOf").findValuesAsText("$ref"));
            discriminator.path("mapping").propertyStream().forEach(
                    named -> assertThat(ApiDescription.document().at(named.getValue().asText().substring(1))
                            .at("/properties/" + member + "/const").asText()).isEqualTo(named.getKey()));
        });
    }

    /** Linters demand that a document says so for each operation, or for all at its root. */
    @Test
    void shouldSayThatAnOperationNeedsNoToken() {
        assertThat(ApiDescription.document().path("security").isArray()).isTrue();
        assertThat(ApiDescription.document().path("security")).isEmpty();
    }

    @Test
    void shouldDescribeADefaultResponse() {
        assertThat(ApiDescription.operations()).allSatisfy(
                it -> assertThat(it.node().at("/responses/default/$ref").asText())
                        .isEqualTo("#/components/responses/Problem"));
    }

    private static Stream<JsonNode> schemas() {
        return ApiDescription.document().at("/components/schemas").valueStream();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "Tea|1|2026-01-01T00:00:00Z|true",
        "\u00a0|1|2026-01-01T00:00:00Z|true",
        "'\u3000'|1|2026-01-01T00:00:00Z|false",
        "'  '|1|2026-01-01T00:00:00Z|false",
        "Te\\ta|1|2026-01-01T00:00:00Z|false",
        "Te\u009fa|1|2026-01-01T00:00:00Z|false",
        "Tea|0|2026-01-01T00:00:00Z|false",
        "Tea|1000000000|2026-01-01T00:00:00Z|true",
        "Tea|1000000001|2026-01-01T00:00:00Z|false",
        "Tea|1|1970-01-01T00:00:00Z|true",
        "Tea|1|1969-12-31T23:59:59.999Z|false",
        "Tea|1|2026-01-01T00:00:00.001Z|true",
        "Tea|1|2026-01-01T00:00:00.0001Z|false",
        "Tea|1|2026-02-30T00:00:00Z|false"})
    void shouldAllowExactlyTheAcceptedDefinitions(String name, String stock, String opensAt, boolean allowed) {
        // given
        String definition = """
                {"name":"%s","stock":%s,"opensAt":"%s","closesAt":"9999-12-31T23:59:59.999Z"}"""
                .formatted(name, stock, opensAt);

        // when
        int status = ingress.admin("PUT", Campaign.openForLong().id(), definition).status();

        // then
        assertThat(status).isEqualTo(allowed ? 201 : 400);
        assertThat(ApiJudge.faults("Definition", Json.read(definition.getBytes(UTF_8), JsonNode.class)).isEmpty())
                .isEqualTo(allowed);
    }

    @Test
    void shouldHaveNoDanglingReference() {
        assertThat(ApiDescription.document().findValuesAsText("$ref")).allSatisfy(
                ref -> assertThat(ApiDescription.document().at(ref.substring(1)).isMissingNode()).as(ref).isFalse());
    }

    @Test
    void shouldDescribeExactlyTheRoutes() {
        assertThat(described(Operation::isOfCallers)).isEqualTo(ingress.service().callerRoutes());
        assertThat(described(it -> it.hasTag("operators") || it.hasTag("operations")))
                .isEqualTo(ingress.service().operatorRoutes());
    }

    private static Set<String> described(Predicate<Operation> which) {
        return ApiDescription.operations().stream().filter(which).map(Operation::toString)
                .collect(toCollection(TreeSet::new));
    }

    static List<Operation> operations() {
        return ApiDescription.operations();
    }

    @ParameterizedTest
    @MethodSource("operations")
    void shouldRefuseAnInvalidKeyOnEveryOperation(Operation operation) {
        // given
        String path = operation.path().replaceAll("\\{file}", "initializer.js").replaceAll("\\{\\w+}", "x");

        // when
        Reply refused = operation.hasTag("operators")
                ? ingress.admin(operation.method(), path.replace("/v1/coupons/", ""), "{}", "Idempotency-Key", "a b",
                        "Authorization", "Bearer " + TestIngress.TOKEN)
                : ingress.call(operation.method(), path, "", "Idempotency-Key", "a b");

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isEqualTo("Idempotency-Key");
    }

    @Test
    void shouldAnswerLivez() {
        assertThat(ingress.get("/livez").status()).isEqualTo(200);
    }

    @Test
    void shouldAnswer404And405OutsideTheRoutes() {
        assertThat(ingress.get("/nowhere").problem()).isEqualTo("404 not-found");
        assertThat(ingress.post("/v1/coupons", "").problem()).isEqualTo("405 method-not-allowed");
    }

}
