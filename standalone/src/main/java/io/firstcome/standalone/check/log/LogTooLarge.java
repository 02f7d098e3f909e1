package io.firstcome.standalone.check.log;

/** The records that were to be compared do not fit into the memory of this process. */
public final class LogTooLarge extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long room;

    LogTooLarge(long room) {
        super("more than " + room + " records");
        this.room = room;
    }

    /** How many records fit. */
    public long room() {
        return room;
    }
}
