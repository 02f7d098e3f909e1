package io.firstcome.ingress;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;

import io.firstcome.ingress.testing.ApiDescription;
import io.firstcome.ingress.testing.ApiDescription.Operation;
import io.firstcome.ingress.testing.ApiJudge;
import io.firstcome.ingress.testing.RedisServer;
import io.firstcome.ingress.testing.Reply;
import io.firstcome.ingress.testing.Servers;
import io.firstcome.ingress.testing.TestIngress;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.ParseOptions;

/** The description is one, and describes what there is. That answers are as described is judged wherever one is received. */
@ExtendWith(Servers.class)
class OpenApiTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private static TestIngress ingress;

    @BeforeAll
    static void start() {
        ingress = TestIngress.on(REDIS);
    }

    @AfterAll
    static void stop() {
        ingress.close();
    }

    @Test
    void shouldBeOpenApi() {
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

    @Test
    void shouldHaveSchemasThatAreSchemas() {
        // given
        var schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        var schema = schemas.getSchema(
                SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));

        // then
        ApiDescription.document().at("/components/schemas").propertyStream().forEach(it -> assertThat(
                schema.validate(it.getValue())).as(it.getKey()).isEmpty());
    }

    @Test
    void shouldHaveExamplesThatTheirSchemasAllow() {
        ApiDescription.document().at("/components/schemas").propertyStream()
                .forEach(named -> named.getValue().path("examples").forEach(
                        example -> assertThat(ApiJudge.faults(named.getKey(), example))
                                .as(named.getKey()).isEmpty()));
    }

    @Test
    void shouldReferToNothingThatIsNotThere() {
        assertThat(ApiDescription.document().findValuesAsText("$ref")).allSatisfy(
                ref -> assertThat(ApiDescription.document().at(ref.substring(1)).isMissingNode()).as(ref).isFalse());
    }

    @Test
    void shouldDescribeEveryRouteAndNoOther() {
        assertThat(described(it -> !it.hasTag("operators"))).isEqualTo(ingress.service().callersRoutes());
        assertThat(described(it -> it.hasTag("operators") || it.hasTag("operations")))
                .isEqualTo(ingress.service().operatorsRoutes());
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
    void shouldRefuseABadKeyWhateverIsAsked(Operation operation) {
        // given
        String path = operation.path().replaceAll("\\{file}", "initializer.js").replaceAll("\\{\\w+}", "x");

        // when
        Reply refused = operation.hasTag("operators")
                ? ingress.admin(operation.method(), path.replace("/v1/coupons/", ""), "{}", "Idempotency-Key", "a b",
                        "Authorization", "Bearer " + TestIngress.TOKEN)
                : ingress.ask(operation.method(), path, "", "Idempotency-Key", "a b");

        // then
        assertThat(refused.problem()).isEqualTo("400 invalid-request");
        assertThat(refused.get("field")).isEqualTo("Idempotency-Key");
    }

    @Test
    void shouldSayThatItLives() {
        assertThat(ingress.get("/livez").status()).isEqualTo(200);
    }

    @Test
    void shouldSayWhatIsNotThere() {
        assertThat(ingress.get("/nowhere").problem()).isEqualTo("404 not-found");
        assertThat(ingress.post("/v1/coupons", "").problem()).isEqualTo("405 method-not-allowed");
    }

}
