package io.firstcome.ingress.documents;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.ingress.testing.ApiDescription;

/** The page, the description and the code know the same problems. */
class ProblemPageTest {

    /** {@code Problem.of("name", status, "title"}, in the modules whose answers callers see. */
    private static final Pattern MADE = Pattern
            .compile("\\b(?:Problem\\.of|return of|-> of)\\(\\s*\"([a-z-]+)\",\\s*([^,]+),\\s*\"([^\"]*)\"");
    private static final List<String> MODULES = List.of("service-kit", "ingress-api", "streams-processor", "db-sink");

    @Test
    void shouldListExactlyTheProblemsThatTheCodeMakes() throws IOException {
        assertThat(names()).isEqualTo(made().stream().map(it -> it.group(1)).collect(toCollection(TreeSet::new)));
    }

    @Test
    void shouldFindEveryProblemThatTheCodeMakes() throws IOException {
        long calls = sources().stream().flatMap(it -> Pattern.compile("\\bProblem\\.of\\(").matcher(it).results())
                .count();
        assertThat(made().stream().filter(it -> it.group().startsWith("Problem.of"))).hasSize((int) calls);
    }

    @Test
    void shouldGiveEachTypeOneStatusAndOneTitle() throws IOException {
        // given
        Map<String, ProblemType> types = ProblemPage.TYPES.stream()
                .collect(toMap(ProblemType::name, it -> it));

        // then
        for (MatchResult made : made()) {
            if (made.group(2).matches("\\d+")) {
                assertThat(types.get(made.group(1)).status()).as(made.group())
                        .isEqualTo(Integer.parseInt(made.group(2)));
            }
        }
        assertThat(made().stream().map(it -> it.group(1) + ": " + it.group(3)).collect(toSet()))
                .hasSameSizeAs(types.keySet());
    }

    @Test
    void shouldListWhatTheDescriptionLists() {
        assertThat(ProblemPage.TYPES.stream().map(ProblemType::uri).toList())
                .containsExactlyInAnyOrderElementsOf(ApiDescription.problemTypes());
        assertThat(ApiDescription.document().at("/components/schemas").propertyStream()
                .filter(it -> it.getKey().startsWith("problem."))
                .map(it -> it.getValue().at("/properties/type/const").asText() + " "
                        + it.getValue().at("/properties/status/const").asInt())
                .toList())
                .containsExactlyInAnyOrderElementsOf(ProblemPage.TYPES.stream()
                        .map(it -> it.uri() + " " + (it.name().equals("refused") ? 0 : it.status())).toList());
    }

    @Test
    void shouldDescribeExamplesWithTheTitlesThatTheCodeGives() throws IOException {
        assertThat(made()).allSatisfy(it -> assertThat(ApiDescription.document()
                .at("/components/schemas/problem." + it.group(1) + "/examples/0/title").asText())
                .isEqualTo(it.group(3)));
    }

    @Test
    void shouldShowEveryTypeToBothKindsOfReaders() {
        assertThat(ProblemPage.TYPES).allSatisfy(type -> {
            assertThat(ProblemPage.html()).contains("<tr id=\"" + type.name() + "\"><td><code>" + type.uri());
            assertThat(ProblemPage.markdown()).contains("| `" + type.uri() + "` | " + type.status() + " | ");
        });
        assertThat(ProblemPage.html()).doesNotContain("`");
    }

    private static Set<String> names() {
        return ProblemPage.TYPES.stream().map(ProblemType::name).collect(toCollection(TreeSet::new));
    }

    private static List<MatchResult> made() throws IOException {
        return sources().stream().flatMap(it -> MADE.matcher(it).results()).toList();
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
