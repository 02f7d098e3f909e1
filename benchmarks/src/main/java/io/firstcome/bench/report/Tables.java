package io.firstcome.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Tables of figures: a row for each system, a column for each metric with median and range, and for rates the ratio to
 * the reference system.
 */
public final class Tables {

    private Tables() {}

    /** The rows of one workload; the first row is the heading. */
    public static List<List<String>> rows(BenchResult result, String workload, String reference) {
        List<Figure> figures = result.figures(workload);
        List<String> systems = figures.stream().map(Figure::system).distinct().toList();
        List<Metric> metrics = figures.stream().map(Figure::metric).distinct().toList();
        boolean compares = systems.size() > 1 && systems.contains(reference);
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("system"));
        for (Metric metric : metrics) {
            heading.add(metric.unit().isEmpty() ? metric.name() : metric.name() + ", " + metric.unit());
            if (metric.rate() && compares) {
                heading.add("× " + reference);
            }
        }
        rows.add(heading);
        for (String system : systems) {
            List<String> row = new ArrayList<>(List.of(system));
            for (Metric metric : metrics) {
                Optional<Figure> figure = result.figure(workload, system, metric);
                row.add(figure.map(Tables::cell).orElse("-"));
                if (metric.rate() && compares) {
                    row.add(figure.flatMap(each -> result.figure(workload, reference, metric).map(each::ratioTo))
                            .map(ratio -> number(ratio.median())).orElse("-"));
                }
            }
            rows.add(row);
        }
        return rows;
    }

    /** The table in columns of equal width, for a console. */
    public static String console(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow()).toArray();
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                String padding = " ".repeat(widths[i] - row.get(i).length());
                text.append("  ").append(i == 0 ? row.get(i) + padding : padding + row.get(i));
            }
            text.append('\n');
        }
        return text.toString();
    }

    /** The table in Markdown. */
    public static String markdown(List<List<String>> rows) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < rows.size(); i++) {
            text.append("| ").append(String.join(" | ", rows.get(i))).append(" |\n");
            if (i == 0) {
                text.append("|---|").append("---:|".repeat(rows.getFirst().size() - 1)).append('\n');
            }
        }
        return text.toString();
    }

    /** The median, and the range in parentheses when there are several different values. */
    static String cell(Figure figure) {
        String median = number(figure.median());
        return figure.min() == figure.max()
                ? median
                : median + " (" + number(figure.min()) + "–" + number(figure.max()) + ")";
    }

    /** Three significant digits at least, thousands with a comma. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size == Math.rint(size) || size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, value);
    }
}
