package io.firstcome.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.firstcome.kit.metrics.MeterSpec;
import io.firstcome.kit.metrics.Meters;

/** {@code docs/metrics.md} explains every meter, and no code registers a meter in another way. */
class MetersPageTest {

    private static final Path REPOSITORY = Path.of("..");
    /** The first three columns of a row: meter, families, type with unit and tags. */
    private static final Pattern ROW = Pattern.compile("(?m)^(\\| `(?:firstcome|http)\\.[^|]*\\|[^|]*\\|[^|]*\\|)");
    /** Ways to register a meter without a declaration. */
    private static final Pattern UNDECLARED = Pattern.compile("\\b(?:Counter|Gauge|Timer|DistributionSummary|"
            + "FunctionCounter|FunctionTimer|TimeGauge|MultiGauge|LongTaskTimer)\\.builder\\(|"
            + "\\.(?:counter|timer|gauge|summary)\\(\"");

    @Test
    void shouldExplainEveryMeterAndNoOther() throws IOException {
        // given
        List<String> declared = Meters.all().stream().map(MetersPageTest::row).toList();

        // when
        List<String> explained = ROW.matcher(Files.readString(REPOSITORY.resolve("docs/metrics.md"))).results()
                .map(match -> match.group(1)).toList();

        // then
        assertThat(explained).containsExactlyInAnyOrderElementsOf(declared);
    }

    @Test
    void shouldNameEachMeterOnce() {
        // when
        List<String> families = Meters.all().stream().flatMap(meter -> meter.families().stream()).toList();

        // then
        assertThat(families).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void shouldRegisterOnlyDeclaredMeters() throws IOException {
        // when
        List<String> undeclared;
        try (Stream<Path> modules = Files.list(REPOSITORY)) {
            undeclared = modules.map(module -> module.resolve("src/main/java")).filter(Files::isDirectory)
                    .flatMap(MetersPageTest::sources).filter(source -> !source.endsWith("kit/metrics/MeterSpec.java"))
                    .filter(source -> UNDECLARED.matcher(read(source)).find()).map(Path::toString).toList();
        }

        // then
        assertThat(undeclared).isEmpty();
    }

    private static String row(MeterSpec meter) {
        String families = meter.families().stream().map(family -> "`" + family + "`").collect(Collectors.joining(", "));
        return "| `" + meter.name() + "` | " + families + " | " + meter.type() + ", " + meter.unit()
                + tags(meter.tags()) + " |";
    }

    private static String tags(List<String> tags) {
        if (tags.isEmpty()) {
            return "";
        }
        List<String> quoted = tags.stream().map(tag -> "`" + tag + "`").toList();
        String last = quoted.getLast();
        return ", by "
                + (quoted.size() == 1
                        ? last
                        : String.join(", ", quoted.subList(0, quoted.size() - 1)) + " and " + last);
    }

    private static Stream<Path> sources(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(path -> path.toString().endsWith(".java")).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
