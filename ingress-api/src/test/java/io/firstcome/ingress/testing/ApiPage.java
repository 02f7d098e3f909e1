package io.firstcome.ingress.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@code docs/api.md}: each answer of each operation, and the test that receives it. */
public final class ApiPage {

    private static final Path REPOSITORY = Path.of("..");
    private static final Pattern CALL = Pattern.compile("#+ `([A-Z]+ [^`]+)`");
    private static final Pattern ROW = Pattern
            .compile("\\| (\\d{3}) \\| (?:`([a-z-]+)`|[^|]*) \\|.*\\| `(\\w+)\\.(\\w+)`( in part)? \\|");

    private static final List<Path> TESTS = tests();

    private ApiPage() {}

    /**
     * One row of a table.
     *
     * @param answer the answer in the form of {@link ApiJudge#seen()}
     * @param inPart whether the test provokes the cause of the answer but receives the answer from another operation
     */
    public record Row(String answer, String testClass, String testMethod, boolean inPart) {

        public String test() {
            return testClass + "." + testMethod;
        }

        /** The source file of the test. */
        public Path source() {
            return TESTS.stream().filter(it -> it.endsWith(testClass + ".java")).findAny()
                    .orElseThrow(() -> new AssertionError("docs/api.md names " + testClass + ", which does not exist"));
        }

        public boolean isOfThisModule() {
            return source().startsWith(REPOSITORY.resolve("ingress-api"));
        }
    }

    public static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        String call = "";
        for (String line : lines()) {
            Matcher heading = CALL.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                call = heading.group(1);
            } else if (row.matches()) {
                String problem = row.group(2) == null ? "" : row.group(2);
                rows.add(new Row(call + " " + row.group(1) + " " + problem, row.group(3), row.group(4),
                        row.group(5) != null));
            }
        }
        return rows;
    }

    /** Only the sources: servers of other modules create and delete other files during the tests. */
    private static List<Path> tests() {
        try (var modules = Files.list(REPOSITORY)) {
            return modules.map(module -> module.resolve("src/test/java")).filter(Files::isDirectory)
                    .flatMap(ApiPage::filesUnder).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> filesUnder(Path directory) {
        try (var files = Files.walk(directory)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(REPOSITORY.resolve("docs/api.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
