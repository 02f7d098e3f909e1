package io.firstcome.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.bench.limit.BareJavalin;

/** Each page with figures and its results file are of one run. The planner calculates with {@code performance.json}. */
class PublishedResultTest {

    private static final Path DOCS = Path.of("..", "docs");

    @TempDir
    private Path directory;

    @Test
    void shouldShowTheFiguresOfTheResultsFile() throws Exception {
        // given
        Path page = Files.copy(DOCS.resolve("performance.md"), directory.resolve("performance.md"));
        BenchResult result = BenchResult.readFrom(DOCS.resolve("performance.json"));

        // when
        new PerformancePage(directory, "firstcome", BareJavalin.NAME).write(result);

        // then
        assertThat(textOf(page)).isEqualTo(textOf(DOCS.resolve("performance.md")));
    }

    @Test
    void shouldShowWhatGoodCallersSawAsInTheResultsFile() throws Exception {
        // given
        Path page = Files.copy(DOCS.resolve("protection.md"), directory.resolve("protection.md"));
        BenchResult result = BenchResult.readFrom(DOCS.resolve("protection.json"));

        // when
        ProtectionPage.write(directory, result);

        // then
        assertThat(textOf(page)).isEqualTo(textOf(DOCS.resolve("protection.md")));
    }

    /** The planner takes the sizes from the results file. Limits have no load. */
    @ParameterizedTest
    @ValueSource(strings = {"performance.json", "protection.json"})
    void shouldStateTheSizeOfEachLoad(String file) {
        // when
        BenchResult result = BenchResult.readFrom(DOCS.resolve(file));

        // then
        assertThat(result.sizes()).isNotEmpty().allSatisfy((_, size) -> assertThat(size.connections()).isPositive());
        assertThat(result.workloads().keySet()).filteredOn(id -> !id.equals("limits"))
                .containsExactlyElementsOf(result.sizes().keySet());
    }

    /** The results file may hold rounded figures: a page shows a whole number as 97, and what rounds to it as 97.0. */
    private static String textOf(Path page) throws IOException {
        return Files.readString(page).replaceAll("(\\d)\\.0+(?=\\D)", "$1");
    }
}
