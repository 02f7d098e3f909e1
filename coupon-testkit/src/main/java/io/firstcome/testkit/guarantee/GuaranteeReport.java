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
 * The verdicts on one run.
 *
 * @param verdicts by the guarantee's name, in the order of checking
 */
public record GuaranteeReport(Map<String, GuaranteeResult> verdicts) {

    private static final int SHOWN_VIOLATIONS = 5;

    public GuaranteeReport {
        verdicts = Collections.unmodifiableMap(new LinkedHashMap<>(verdicts));
    }

    /** Whether nothing was found broken. What was not checked was not found broken; see {@link #isComplete()}. */
    public boolean holds() {
        return verdicts.values().stream().noneMatch(Fail.class::isInstance);
    }

    /** Whether there was evidence for every guarantee. */
    public boolean isComplete() {
        return verdicts.values().stream().noneMatch(NotChecked.class::isInstance);
    }

    /** One aligned line for each guarantee: PASS, FAIL or SKIP, its name, and what was seen. */
    public String table() {
        int width = verdicts.keySet().stream().mapToInt(String::length).max().orElse(0);
        return verdicts.entrySet().stream().map(entry -> line(width, entry.getKey(), entry.getValue()))
                .collect(joining("\n"));
    }

    private static String line(int width, String name, GuaranteeResult verdict) {
        String padded = name + " ".repeat(width - name.length());
        return switch (verdict) {
            case Pass pass -> "PASS  " + padded + "  " + pass.facts();
            case Fail fail -> "FAIL  " + padded + "  " + summary(fail.violations());
            case NotChecked skipped -> "SKIP  " + padded + "  " + skipped.reason();
        };
    }

    private static String summary(List<String> violations) {
        int others = violations.size() - 1;
        return violations.getFirst() + (others == 0 ? "" : " (and " + others + " more)");
    }

    /** The table, and under it the first few violations of each broken guarantee. */
    public String details() {
        var text = new StringBuilder(table());
        verdicts.forEach((name, verdict) -> {
            if (verdict instanceof Fail fail) {
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
