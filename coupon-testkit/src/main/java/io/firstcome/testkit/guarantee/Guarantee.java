package io.firstcome.testkit.guarantee;

import io.firstcome.testkit.evidence.Evidence;

/** One guarantee of the system. It checks evidence that was already collected: it does no I/O and does not wait. */
public interface Guarantee {

    /** The name used in reports and documents. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Checks whether the evidence satisfies this guarantee. */
    GuaranteeResult check(Evidence evidence);
}
