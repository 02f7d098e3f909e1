package io.firstcome.testkit.guarantee;

import java.util.List;

/** The result of checking a guarantee. */
public sealed interface GuaranteeResult {

    /**
     * The evidence satisfies the guarantee.
     *
     * @param facts one line that counts what was checked, so that a check of nothing is noticed
     */
    record Pass(String facts) implements GuaranteeResult {}

    /** The evidence violates the guarantee; there is at least one violation. */
    record Fail(List<String> violations) implements GuaranteeResult {
        public Fail {
            violations = List.copyOf(violations);
        }
    }

    /** The evidence needed for this guarantee was not collected. */
    record NotChecked(String reason) implements GuaranteeResult {}
}
