package io.firstcome.testkit.guarantee;

import java.util.List;

/** What a guarantee makes of the evidence. */
public sealed interface GuaranteeResult {

    /**
     * Kept.
     *
     * @param facts one line that says what was looked at, so that an empty check cannot pass for a full one
     */
    record Pass(String facts) implements GuaranteeResult {}

    /** Broken, by each of these; at least one. */
    record Fail(List<String> violations) implements GuaranteeResult {
        public Fail {
            violations = List.copyOf(violations);
        }
    }

    /** Nothing can be said, because the evidence for it was not collected. */
    record NotChecked(String reason) implements GuaranteeResult {}
}
