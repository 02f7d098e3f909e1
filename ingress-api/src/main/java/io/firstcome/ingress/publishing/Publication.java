package io.firstcome.ingress.publishing;

import java.time.Instant;

/** What became of a command that was to be written to the log. */
public sealed interface Publication {

    /**
     * It stands in the log for good and will be decided.
     *
     * @param at the broker's append time
     */
    record Appended(long offset, Instant at) implements Publication {}

    /** It may stand in the log or may not, now or later. Only the same request under the same id is a safe repetition. */
    record Unknown(String cause) implements Publication {}

    /** It does not stand in the log and never will. */
    record NotSent(String cause) implements Publication {}
}
