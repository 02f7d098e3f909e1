package io.firstcome.sink.mysql;

/** What came of the attempt to store a batch. Only {@link Written} has changed anything. */
public sealed interface WriteResult {

    /**
     * Committed.
     *
     * @param rows issues that were new
     * @param duplicates issues that stood there already, word for word
     */
    record Written(int rows, int duplicates) implements WriteResult {}

    /** The position no longer stood where this writer had left it: somebody else writes this partition now. */
    record Fenced(OffsetStep step) implements WriteResult {}

    /**
     * The tables hold something else than the log says.
     *
     * @param what both sides, for people
     */
    record Diverged(String what) implements WriteResult {}

    /**
     * The server will not have one of the rows.
     *
     * @param reason in the server's words
     */
    record Refused(String reason) implements WriteResult {}

    /**
     * The server could not be asked, or did not answer. Even whether it committed is then not known.
     *
     * @param reason in one line
     */
    record Unavailable(String reason) implements WriteResult {}
}
