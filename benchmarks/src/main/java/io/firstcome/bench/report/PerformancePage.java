package io.firstcome.bench.report;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import io.firstcome.bench.report.Svg.Bar;
import io.firstcome.bench.report.Svg.Line;

/** Writes the figures of a run into {@code docs/performance.md} and the plots beside the page. */
public final class PerformancePage {

    /** Everything between these lines is replaced. */
    static final String BEGIN = "<!-- figures: written by ./firstcome bench --write-docs -->";
    static final String END = "<!-- end of figures -->";

    private final Path docs;
    private final String ownName;
    private final String limitName;

    /**
     * A page.
     *
     * @param docs the directory of the documentation
     * @param ownName the name of this system in results
     * @param limitName the name of the reference for ratios in results
     */
    public PerformancePage(Path docs, String ownName, String limitName) {
        this.docs = docs;
        this.ownName = ownName;
        this.limitName = limitName;
    }

    /** Replaces the figures of the page and those plots for which the run has figures. */
    public void write(BenchResult result) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("\nMeasured on ").append(result.machine().text()).append(", commit `").append(result.commit())
                .append("`, ").append(result.date()).append(", by `").append(result.command()).append("`.\n");
        plots(result, text);
        result.workloads().forEach((id, title) -> {
            List<String> systems = result.figures(id).stream().map(Figure::system).distinct().toList();
            String reference = systems.contains(limitName) ? limitName : ownName;
            text.append("\n### `").append(id).append("`: ").append(title).append("\n\n")
                    .append(Tables.markdown(Tables.rows(result, id, reference)));
        });
        text.append("\n### The systems\n\n| system | what differs |\n|---|---|\n");
        result.weaknesses().forEach((system, weakness) -> text.append("| ").append(system).append(" | ")
                .append(weakness).append(" |\n"));
        text.append('\n');
        new GeneratedSection(BEGIN, END).write(docs.resolve("performance.md"), text.toString());
    }

    private void plots(BenchResult result, StringBuilder text) throws IOException {
        bars(result, text, "e-keyless", Metric.rate("rejected"), "Rejected after the sell-out, claims/s", "/s");
        bars(result, text, "accepted", Metric.rate("accepted"), "Accepted claims/s", "/s");
        bars(result, text, "a-cold", Metric.seconds("all answered"),
                "Just started: seconds until all users are answered", "s");
        bars(result, text, "a-cold", Metric.seconds("all stored"), "Just started: seconds until every row is stored",
                "s");
        latency(result, text);
    }

    private void bars(BenchResult result, StringBuilder text, String workload, Metric metric, String title,
            String unit) throws IOException {
        List<Bar> bars = result.figures(workload).stream().filter(figure -> figure.metric().equals(metric))
                .map(figure -> new Bar(figure.system(), figure.median(), figure.min(), figure.max(),
                        figure.system().equals(ownName)))
                .toList();
        if (!bars.isEmpty()) {
            String file = "performance-" + workload + "-" + metric.name().replace(' ', '-') + ".svg";
            write(file, title, Svg.bars(title, unit, bars), text);
        }
    }

    /** The latency of the open loop at fractions of the maximum. */
    private void latency(BenchResult result, StringBuilder text) throws IOException {
        int[] percentages = {25, 50, 75, 90};
        List<Line> lines = new ArrayList<>();
        for (String percentile : List.of("p50", "p99")) {
            List<Double> values = IntStream.of(percentages)
                    .mapToObj(each -> result.figure("g", ownName, Metric.millis(percentile + " at " + each + " %")))
                    .flatMap(Optional::stream).map(Figure::median).toList();
            if (values.size() == percentages.length) {
                lines.add(new Line(percentile, values));
            }
        }
        if (!lines.isEmpty()) {
            String title = "Open loop: latency to the decision at a fraction of the maximum";
            List<String> positions = IntStream.of(percentages).mapToObj(each -> each + " %").toList();
            write("performance-latency.svg", title, Svg.lines(title, "ms", positions, lines), text);
        }
    }

    private void write(String file, String title, String svg, StringBuilder text) throws IOException {
        Files.writeString(docs.resolve(file), svg, UTF_8);
        text.append("\n![").append(title).append("](").append(file).append(")\n");
    }
}
