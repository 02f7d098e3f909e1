package io.firstcome.ingress.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import com.fasterxml.jackson.databind.JsonNode;

import io.firstcome.ingress.testing.ApiDescription;
import io.firstcome.kit.http.ProblemType;

/** The problem page, {@code openapi.yaml} and the code have the same problem types. */
class ProblemPageTest {

    /** The modules that answer callers. */
    private static final List<String> MODULES = List.of("service-kit", "ingress-api", "streams-processor", "db-sink");

    @ParameterizedTest
    @EnumSource
    void shouldHaveNoUnusedType(ProblemType type) throws IOException {
        // given
        var use = Pattern.compile("ProblemType\\." + type.name() + "\\b|-> " + type.name() + ";");

        // when
        List<String> sources = sources();

        // then
        assertThat(sources).anyMatch(use.asPredicate());
    }

    @Test
    void shouldListTheTypesOfTheDescription() {
        // when
        List<String> types = Arrays.stream(ProblemType.values()).map(ProblemType::uri).toList();

        // then
        assertThat(types).containsExactlyInAnyOrderElementsOf(ApiDescription.problemTypes());
        assertThat(ApiDescription.document().at("/components/schemas").properties().stream()
                .filter(schema -> schema.getKey().startsWith("problem."))).hasSameSizeAs(types);
    }

    @ParameterizedTest
    @EnumSource
    void shouldDescribeTheStatusAndTitleOfEachType(ProblemType type) {
        // when
        JsonNode schema = ApiDescription.document().at("/components/schemas/problem." + type.id());

        // then
        assertThat(schema.at("/properties/type/const").asText()).isEqualTo(type.uri());
        assertThat(schema.at("/properties/status/const").asInt())
                .isEqualTo(type == ProblemType.REFUSED ? 0 : type.status());
        assertThat(schema.at("/examples/0/title").asText()).isEqualTo(type.title());
        assertThat(schema.at("/examples/0/status").asInt()).isEqualTo(type.status());
    }

    @ParameterizedTest
    @EnumSource
    void shouldShowEveryTypeInHtmlAndMarkdown(ProblemType type) {
        // when
        String html = ProblemPage.html();
        String markdown = ProblemPage.markdown();

        // then
        assertThat(html).contains("<tr id=\"" + type.id() + "\"><td><code>" + type.uri()).doesNotContain("`");
        assertThat(markdown).contains("| `" + type.uri() + "` | " + type.status() + " | ");
    }

    private static List<String> sources() throws IOException {
        try (Stream<Path> files = MODULES.stream().flatMap(ProblemPageTest::files)) {
            return files.filter(it -> it.toString().endsWith(".java")).map(ProblemPageTest::text).toList();
        }
    }

    private static Stream<Path> files(String module) {
        try {
            return Files.walk(Path.of("..", module, "src", "main", "java"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
