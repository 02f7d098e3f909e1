package io.firstcome.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.json.Json;

/**
 * All figures of one run.
 *
 * @param machine where the figures were taken
 * @param commit the commit of the project, with {@code +} when files were changed
 * @param date the start of the run in UTC
 * @param command the command line of the run
 * @param workloads the titles of the workloads that ran, by id, in their order
 * @param sizes how large their loads were, by id
 * @param weaknesses what each system does differently, by its name
 */
public record BenchResult(Machine machine, String commit, String date, String command, Map<String, String> workloads,
        Map<String, Size> sizes, Map<String, String> weaknesses, List<Figure> figures) {

    public BenchResult {
        figures = List.copyOf(figures);
    }

    /** The figures of one workload. */
    public List<Figure> figures(String workload) {
        return figures.stream().filter(figure -> figure.workload().equals(workload)).toList();
    }

    /** One figure, if it was measured. */
    public Optional<Figure> figure(String workload, String system, Metric metric) {
        return figures.stream().filter(figure -> figure.workload().equals(workload)
                && figure.system().equals(system) && figure.metric().equals(metric)).findFirst();
    }

    /** Writes the result as JSON, in place of the file as a whole: an interruption leaves the one before. */
    public void writeTo(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path complete = file.resolveSibling(file.getFileName() + ".new");
            Files.writeString(complete,
                    Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + System.lineSeparator(),
                    UTF_8);
            Files.move(complete, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what {@link #writeTo} wrote. */
    public static BenchResult readFrom(Path file) {
        try {
            return Json.read(Files.readAllBytes(file), BenchResult.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
