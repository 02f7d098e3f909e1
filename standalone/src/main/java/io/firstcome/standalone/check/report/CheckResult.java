package io.firstcome.standalone.check.report;

import java.util.List;

import io.firstcome.testkit.guarantee.GuaranteeResult;

/**
 * The result of checking one guarantee of a running system.
 *
 * @param name the guarantee
 * @param status what is known
 * @param detail one line: what was compared, or why it could not be compared
 * @param violations each difference that was found; empty unless the guarantee is violated
 */
public record CheckResult(String name, Status status, String detail, List<String> violations) {

    /** What is known of a guarantee. */
    public enum Status {
        /** Everything was compared, and nothing contradicts the guarantee. */
        HELD,
        /** There is a contradiction. */
        VIOLATED,
        /** Something could not be compared, and what was compared does not contradict the guarantee. */
        UNKNOWN
    }

    public CheckResult {
        violations = List.copyOf(violations);
    }

    /** @param facts counts what was compared, so that a check of nothing is noticed */
    public static CheckResult held(String name, String facts) {
        return new CheckResult(name, Status.HELD, facts, List.of());
    }

    /** @param why one line: what was not compared, and what to do */
    public static CheckResult unknown(String name, String why) {
        return new CheckResult(name, Status.UNKNOWN, why, List.of());
    }

    /** @param violations at least one */
    public static CheckResult violated(String name, List<String> violations) {
        int others = violations.size() - 1;
        return new CheckResult(name, Status.VIOLATED,
                violations.getFirst() + (others == 0 ? "" : " (and %,d more)".formatted(others)), violations);
    }

    /** @param notCompared what of the system the evidence does not cover; empty when it covers everything */
    public static CheckResult of(String name, GuaranteeResult result, String notCompared) {
        return switch (result) {
            case GuaranteeResult.Fail(var violations) -> violated(name, violations);
            case GuaranteeResult.NotChecked(String reason) -> unknown(name, reason);
            case GuaranteeResult.Pass(String facts) -> notCompared.isEmpty()
                    ? held(name, facts)
                    : unknown(name, facts + "; not compared: " + notCompared);
        };
    }
}
