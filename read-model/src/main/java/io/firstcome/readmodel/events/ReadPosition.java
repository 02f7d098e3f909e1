package io.firstcome.readmodel.events;

/** The range of one partition that this ingress has read: the offsets after {@code since}, up to {@code until}. */
final class ReadPosition {

    private final long since;
    private volatile long until;

    ReadPosition(long since) {
        this.since = since;
        this.until = since;
    }

    long since() {
        return since;
    }

    long until() {
        return until;
    }

    void readTo(long offset) {
        until = offset;
    }
}
