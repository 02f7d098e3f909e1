package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.standalone.stack.Endpoints;

/** {@code docs/metrics.md} lists the meters that the services have, and no others. */
@ExtendWith(SharedStack.class)
class MetricsPageTest {

    private static final Path REPOSITORY = Path.of("..");
    /** A meter on the page, in the first column of a table. */
    private static final Pattern METER = Pattern.compile("(?m)^\\| `(firstcome\\.[a-z.]+)`");
    private static final Pattern LITERAL = Pattern.compile("\"(firstcome\\.[a-z.]+)\"");
    private static final Pattern LISTED_FAMILY = Pattern.compile("`(firstcome_[a-z_]+)`");
    private static final Pattern FAMILY = Pattern.compile("(?m)^# TYPE (firstcome_[a-z_]+) ");

    @Test
    void shouldListEveryFamilyThatAServiceExposes(Endpoints endpoints) throws IOException {
        // given
        SortedSet<String> listed = matches(LISTED_FAMILY, page());

        // when
        List<String> families = Stream.of(endpoints.http(), endpoints.processor(), endpoints.sink())
                .flatMap(service -> matches(FAMILY, scrape(service)).stream()).toList();

        // then
        assertThat(families).isNotEmpty().isSubsetOf(listed);
    }

    /** A meter that counts rare events is not exposed before the first one, so the sources are searched. */
    @Test
    void shouldListNoMeterThatNoServiceHas() throws IOException {
        // when
        SortedSet<String> listed = matches(METER, page());

        // then
        assertThat(listed).isNotEmpty().isSubsetOf(literals());
    }

    private static String scrape(String service) {
        try (var client = HttpClient.newHttpClient()) {
            return client
                    .send(HttpRequest.newBuilder(URI.create(service + "/metrics")).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String page() throws IOException {
        return Files.readString(REPOSITORY.resolve("docs/metrics.md"));
    }

    /** Every text of the main code that may be the name of a meter. */
    private static SortedSet<String> literals() throws IOException {
        Predicate<Path> isSource = path -> path.toString().endsWith(".java");
        List<Path> modules;
        try (Stream<Path> children = Files.list(REPOSITORY)) {
            modules = children.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory).toList();
        }
        SortedSet<String> literals = new TreeSet<>();
        for (Path module : modules) {
            try (Stream<Path> files = Files.walk(module)) {
                for (Path source : files.filter(isSource).toList()) {
                    literals.addAll(matches(LITERAL, Files.readString(source)));
                }
            }
        }
        return literals;
    }

    private static SortedSet<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
