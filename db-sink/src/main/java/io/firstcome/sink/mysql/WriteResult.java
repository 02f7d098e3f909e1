package io.firstcome.sink.mysql;

/** The result of storing a batch. Only {@link Written} has changed the tables. */
public sealed interface WriteResult {

    /**
     * Committed.
     *
     * @param rows issues that were new
     * @param revoked revocations that were new
     * @param duplicates issues and revocations that were stored already with the same values
     */
    record Written(int rows, int revoked, int duplicates) implements WriteResult {}

    /** The position did not have the expected value: another writer has moved it. */
    record Fenced(OffsetStep step) implements WriteResult {}

    /**
     * The tables contradict the log.
     *
     * @param what both values, for an operator
     */
    record Diverged(String what) implements WriteResult {}

    /**
     * The server rejects a value of a row.
     *
     * @param reason the message of the server
     */
    record Refused(String reason) implements WriteResult {}

    /**
     * The server could not be reached or did not answer. Whether it has committed is then unknown.
     *
     * @param reason the reason in one line
     */
    record Unavailable(String reason) implements WriteResult {}
}
