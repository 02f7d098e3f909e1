package io.firstcome.bench.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Writes what good callers saw of a bad caller into {@code docs/protection.md}. */
public final class ProtectionPage {

    /** The name of the rounds without an attack. */
    public static final String WITHOUT = "without";
    /** The name of the rounds with an attack. */
    public static final String WITH = "with";
    /** The latency of the good callers. */
    public static final Metric P50 = Metric.millis("p50");
    public static final Metric P99 = Metric.millis("p99");
    public static final Metric MAX = Metric.millis("max");
    /** Begins the name of each metric that counts answers of one status to good callers. */
    public static final String GOOD = "good callers: ";
    /** Begins the name of each metric that counts what the bad caller got. */
    public static final String BAD = "bad caller: ";

    private static final GeneratedSection SECTION = new GeneratedSection(
            "<!-- figures: written by ./firstcome bench --attack --write-docs -->", "<!-- end of figures -->");
    private static final String ISSUED = "201";

    private ProtectionPage() {}

    /** The table; its first row is the heading. */
    public static List<List<String>> rows(BenchResult result) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("attack", "p50 without, ms", "p50 with, ms", "p99 without, ms", "p99 with, ms", "p99 ratio",
                "good callers got", "bad caller got"));
        for (String attack : result.workloads().keySet()) {
            List<String> row = new ArrayList<>(List.of(attack));
            for (Metric metric : List.of(P50, P99)) {
                row.add(cell(result.figure(attack, WITHOUT, metric)));
                row.add(cell(result.figure(attack, WITH, metric)));
            }
            row.add(result.figure(attack, WITH, P99)
                    .flatMap(with -> result.figure(attack, WITHOUT, P99).map(with::ratioTo))
                    .map(ratio -> Tables.number(ratio.median())).orElse("-"));
            row.add(counts(result, attack, GOOD));
            row.add(counts(result, attack, BAD));
            rows.add(row);
        }
        return rows;
    }

    /** Replaces the figures of the page. */
    public static void write(Path docs, BenchResult result) throws IOException {
        StringBuilder text = new StringBuilder();
        text.append("\nMeasured on ").append(result.machine().text()).append(", commit `").append(result.commit())
                .append("`, ").append(result.date()).append(", by `").append(result.command()).append("`.\n\n")
                .append(Tables.markdown(rows(result))).append("\n| attack | each of the connections |\n|---|---|\n");
        result.workloads().forEach((attack, description) -> text.append("| ").append(attack).append(" | ")
                .append(description).append(" |\n"));
        text.append('\n');
        SECTION.write(docs.resolve("protection.md"), text.toString());
    }

    private static String cell(Optional<Figure> figure) {
        return figure.map(Tables::cell).orElse("-");
    }

    /** The counts of all rounds with the attack, added up. */
    private static String counts(BenchResult result, String attack, String prefix) {
        Map<String, Long> counts = new TreeMap<>();
        result.figures(attack).stream()
                .filter(figure -> figure.system().equals(WITH) && figure.metric().name().startsWith(prefix))
                .forEach(figure -> counts.put(figure.metric().name().substring(prefix.length()),
                        Math.round(figure.rounds().stream().mapToDouble(Double::doubleValue).sum())));
        counts.values().removeIf(count -> count == 0);
        if (prefix.equals(GOOD) && counts.keySet().equals(Set.of(ISSUED))) {
            return "201 only";
        }
        return counts.entrySet().stream()
                .map(count -> Tables.number(count.getValue()) + " × " + count.getKey())
                .collect(Collectors.joining(", "));
    }
}
