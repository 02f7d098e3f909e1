package io.firstcome.standalone.deadletters;

/** What became of one letter. */
public sealed interface ReplayResult {

    /**
     * The letter was replayed or dropped, and is marked.
     *
     * @param note what was done
     */
    record Replayed(String note) implements ReplayResult {}

    /**
     * Nothing was done.
     *
     * @param why for an operator, with what to do
     */
    record Refused(String why) implements ReplayResult {}
}
