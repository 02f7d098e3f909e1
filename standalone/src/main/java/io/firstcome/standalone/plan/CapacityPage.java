package io.firstcome.standalone.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Writes an example, its constants and the comparison with measured figures into {@code docs/capacity.md}. */
public final class CapacityPage {

    /** What is between two such lines is replaced. */
    private static final String BEGIN = "<!-- %s: written by ./firstcome bench --write-docs -->";
    private static final String END = "<!-- end of %s -->";

    /** The command line of the example, with the defaults of the options that the command line does not name. */
    private static final String EXAMPLE = "./firstcome plan --users 10000000 --stock 1000000 --seconds 60";
    private static final Forecast SALE = new Forecast(10_000_000, 1_000_000, 60, 1, 1, 160, 3, 720, 1, 4, 10, 0.6);

    private CapacityPage() {}

    /**
     * Writes the page anew from {@code performance.json} of the same directory.
     *
     * @param docs the directory of the documentation
     */
    public static void write(Path docs) throws IOException {
        Path page = docs.resolve("capacity.md");
        PublishedRun run = PublishedRun.readFrom(docs.resolve("performance.json"));
        CapacityPlan plan = CapacityPlan.of(SALE, MeasuredFigures.of(run));
        String text = Files.readString(page, UTF_8);
        text = replaced(text, "comparison", table(SaleComparison.all(run)));
        text = replaced(text, "example",
                "```console\n$ " + EXAMPLE + "\n" + PlanText.of(plan).strip().replace(System.lineSeparator(), "\n")
                        + "\n```\n");
        Files.writeString(page, text, UTF_8);
    }

    private static String table(List<SaleComparison> comparisons) {
        StringBuilder text = new StringBuilder(
                "| workload | figure | measured: median (range) | planned | difference |\n"
                        + "|---|---|---:|---:|---:|\n");
        for (SaleComparison each : comparisons) {
            double[] rounds = DoubleStream.of(each.measured()).sorted().toArray();
            text.append(String.format(Locale.ROOT, "| %s | %s | %s (%s–%s) | %s | %s %% |\n", each.workload(),
                    each.figure(), PlanText.number(each.median()), PlanText.number(rounds[0]),
                    PlanText.number(rounds[rounds.length - 1]), PlanText.number(each.planned()),
                    percent(each.difference())));
        }
        return text.toString();
    }

    /** A difference in whole percent, with its sign unless it rounds to nothing. */
    static String percent(double difference) {
        String text = String.format(Locale.ROOT, "%+.0f", difference);
        return text.equals("+0") || text.equals("-0") ? "0" : text.replace('-', '−');
    }

    private static String replaced(String page, String section, String text) {
        String beginLine = BEGIN.formatted(section);
        String endLine = END.formatted(section);
        int begin = page.indexOf(beginLine);
        int end = page.indexOf(endLine);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(
                    "capacity.md does not contain the lines '" + beginLine + "' and '" + endLine + "'");
        }
        return page.substring(0, begin + beginLine.length()) + "\n\n" + text + "\n" + page.substring(end);
    }
}
