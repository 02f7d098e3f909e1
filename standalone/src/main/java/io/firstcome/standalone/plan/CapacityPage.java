package io.firstcome.standalone.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes the constants and an example into {@code docs/capacity.md}. */
public final class CapacityPage {

    /** Everything between these lines is replaced. */
    private static final String BEGIN = "<!-- example: written by ./firstcome bench --write-docs -->";
    private static final String END = "<!-- end of example -->";

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
        CapacityPlan plan = CapacityPlan.of(SALE,
                MeasuredFigures.of(PublishedRun.readFrom(docs.resolve("performance.json"))));
        Files.writeString(page, replaced(Files.readString(page, UTF_8), plan), UTF_8);
    }

    private static String replaced(String page, CapacityPlan plan) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException("capacity.md does not contain the lines '" + BEGIN + "' and '" + END + "'");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n\n```console\n$ " + EXAMPLE + "\n"
                + PlanText.of(plan).strip() + "\n```\n\n" + page.substring(end);
    }
}
