package io.firstcome.testkit.guarantee;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.firstcome.testkit.guarantee.GuaranteeResult.Fail;
import io.firstcome.testkit.guarantee.GuaranteeResult.NotChecked;
import io.firstcome.testkit.guarantee.GuaranteeResult.Pass;

/**
 * The results of all guarantees for one run.
 *
 * @param results by the guarantee's name, in the order of checking
 */
public record GuaranteeReport(Map<String, GuaranteeResult> results) {

    private static final int SHOWN_VIOLATIONS = 5;

    public GuaranteeReport {
        results = Collections.unmodifiableMap(new LinkedHashMap<>(results));
    }

    /** Whether no guarantee failed. A guarantee that was not checked did not fail; see {@link #isComplete()}. */
    public boolean holds() {
        return results.values().stream().noneMatch(Fail.class::isInstance);
    }

    /** Whether every guarantee was checked. */
    public boolean isComplete() {
        return results.values().stream().noneMatch(NotChecked.class::isInstance);
    }

    /** One aligned line for each guarantee: PASS, FAIL or SKIP, the name, and details. */
    public String table() {
        int width = results.keySet().stream().mapToInt(String::length).max().orElse(0);
        return results.entrySet().stream().map(entry -> line(width, entry.getKey(), entry.getValue()))
                .collect(joining("\n"));
    }

    private static String line(int width, String name, GuaranteeResult result) {
        String padded = name + " ".repeat(width - name.length());
        return switch (result) {
            case Pass pass -> "PASS  " + padded + "  " + pass.facts();
            case Fail fail -> "FAIL  " + padded + "  " + summary(fail.violations());
            case NotChecked skipped -> "SKIP  " + padded + "  " + skipped.reason();
        };
    }

    private static String summary(List<String> violations) {
        int others = violations.size() - 1;
        return violations.getFirst() + (others == 0 ? "" : " (and " + others + " more)");
    }

    /** The table, followed by the first few violations of each failed guarantee. */
    public String details() {
        var text = new StringBuilder(table());
        results.forEach((name, result) -> {
            if (result instanceof Fail fail) {
                text.append("\n\n").append(name).append(", ").append(fail.violations().size()).append(" violations:");
                fail.violations().stream().limit(SHOWN_VIOLATIONS).forEach(v -> text.append("\n  ").append(v));
            }
        });
        return text.toString();
    }

    @Override
    public String toString() {
        return table();
    }
}
