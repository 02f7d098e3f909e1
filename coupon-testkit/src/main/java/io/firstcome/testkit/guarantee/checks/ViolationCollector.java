package io.firstcome.testkit.guarantee.checks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.firstcome.testkit.guarantee.GuaranteeResult;

/** Collects the violations of one guarantee. */
public final class ViolationCollector {

    private final List<String> violations = new ArrayList<>();

    void add(String format, Object... values) {
        violations.add(format.formatted(values));
    }

    void addIf(boolean violated, String format, Object... values) {
        if (violated) {
            add(format, values);
        }
    }

    /** An amount with its noun: "1 coupon", "5,006 answers". */
    static String count(long amount, String noun) {
        return String.format(Locale.ROOT, "%,d %s", amount, amount == 1 ? noun : noun + "s");
    }

    /** {@code Fail} with the violations, or {@code Pass} with these facts when there are none. */
    GuaranteeResult orPass(String facts, Object... values) {
        return violations.isEmpty()
                ? new GuaranteeResult.Pass(facts.formatted(values))
                : new GuaranteeResult.Fail(violations);
    }
}
