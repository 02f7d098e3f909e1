package io.firstcome.ingress.publishing;

import java.time.Instant;

/** What is known about the append of a command to the log. */
public sealed interface Publication {

    /**
     * The log has the command, and the authority will decide it.
     *
     * @param at the broker's append time
     */
    record Appended(long offset, Instant at) implements Publication {}

    /** The log may have the command, now or later. Only a repetition under the same request id is safe. */
    record Unknown(String cause) implements Publication {}

    /** The log does not have the command and never will. */
    record NotSent(String cause) implements Publication {}
}
