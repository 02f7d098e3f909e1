package io.firstcome.testkit.guarantee;

import java.util.ArrayList;
import java.util.List;

/** Collects what speaks against a guarantee. */
final class Violations {

    private final List<String> found = new ArrayList<>();

    void add(String format, Object... values) {
        found.add(format.formatted(values));
    }

    void addIf(boolean broken, String format, Object... values) {
        if (broken) {
            add(format, values);
        }
    }

    /** Fail with what was found, or Pass with these facts. */
    GuaranteeResult orPass(String facts, Object... values) {
        return found.isEmpty() ? new GuaranteeResult.Pass(facts.formatted(values)) : new GuaranteeResult.Fail(found);
    }
}
