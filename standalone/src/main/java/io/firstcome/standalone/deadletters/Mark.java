package io.firstcome.standalone.deadletters;

import java.time.Instant;

/**
 * What an operator did with a letter.
 *
 * @param kind what was done
 * @param at when
 * @param by the user and the machine of the operator
 * @param note what the replay did, or why the letter was dropped
 */
public record Mark(Kind kind, Instant at, String by, String note) {

    /** What may be done with a letter. The names in lower case are the values of the header. */
    public enum Kind {
        /** The content of the letter has taken effect. */
        REPLAYED,
        /** An operator has decided that the letter needs nothing. */
        DROPPED
    }
}
