package io.firstcome.testkit.guarantee;

import io.firstcome.testkit.evidence.Evidence;

/** One promise of the system. It judges what was seen and neither waits nor asks anybody. */
public interface Guarantee {

    /** The name under which reports and documents speak of it. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Whether the promise was kept. */
    GuaranteeResult check(Evidence evidence);
}
