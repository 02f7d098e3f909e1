package io.firstcome.bench.rival.parts;

/** What a rival answers to a claim. */
public enum Reply {
    /** The user holds the coupon. */
    ISSUED(201),
    /** The claim has been accepted, and nothing durable has confirmed it yet. */
    ACCEPTED(202),
    ALREADY_ISSUED(409),
    SOLD_OUT(409),
    UNKNOWN_COUPON(404),
    /** A server behind the rival does not answer. */
    UNAVAILABLE(503);

    private final int status;

    Reply(int status) {
        this.status = status;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }
}
