package io.firstcome.docs;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** {@code docs/operations.md} explains every check that the body of {@code /readyz} can name. */
class HealthChecksPageTest {

    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern REGISTERED = Pattern.compile("\\.(?:readyWhen|liveWhen)\\(\"([a-z-]+)\"");
    /** A row of the table: service, names of checks, text, meaning. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| [a-z-]+ \\| (`[^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-z-]+)`");

    @Test
    void shouldExplainEveryCheckAndNoOther() throws IOException {
        // given
        Set<String> registered = new TreeSet<>(Set.of("service"));
        for (Path source : sources()) {
            REGISTERED.matcher(Files.readString(source)).results().forEach(it -> registered.add(it.group(1)));
        }

        // when
        Set<String> explained = ROW.matcher(section("A service is not ready")).results()
                .flatMap(row -> NAME.matcher(row.group(1)).results()).map(name -> name.group(1))
                .collect(toCollection(TreeSet::new));

        // then
        assertThat(registered).hasSizeGreaterThan(10);
        assertThat(explained).isEqualTo(registered);
    }

    private static String section(String heading) throws IOException {
        String page = Files.readString(REPOSITORY.resolve("docs/operations.md"));
        int start = page.indexOf("\n## " + heading + "\n");
        return page.substring(start, page.indexOf("\n## ", start + 1));
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(REPOSITORY)) {
            List<Path> roots = modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory)
                    .toList();
            List<Path> sources = new ArrayList<>();
            for (Path root : roots) {
                try (Stream<Path> files = Files.walk(root)) {
                    files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
                }
            }
            return sources;
        }
    }
}
