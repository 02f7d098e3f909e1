package io.firstcome.readmodel.events;

/** Which stretch of one partition of the outcomes this ingress has read: what came after one offset, up to another. */
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
