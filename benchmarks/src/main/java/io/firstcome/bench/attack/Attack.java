package io.firstcome.bench.attack;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What the bad caller does with all connections at once. */
public enum Attack {

    /** A claim whose body comes one byte at a time. */
    TRICKLED_BODIES("claims whose body comes one byte every 0.5 s", Sending.BODY_TRICKLED, Reading.ALL, 0),
    /** A request whose request line and headers come one byte at a time. */
    TRICKLED_HEADS("requests whose head comes one byte every 0.5 s", Sending.HEAD_TRICKLED, Reading.ALL, 0),
    /** No byte at all. */
    IDLE("connections on which nothing is sent", Sending.NOTHING, Reading.ALL, 0),
    /** Requests for a large document, one after the other, of whose answers no byte is read. */
    UNREAD_ANSWERS("`GET /openapi.yaml` (115 KiB) again and again, no answer is read", Sending.WITHOUT_PAUSE,
            Reading.NOTHING, 0),
    /** Claims whose answers are read a few bytes at a time. */
    SLOW_READING("claims whose answers are read at 16 bytes/s, the next one after the answer", Sending.AFTER_ANSWER,
            Reading.SLOWLY, 0),
    /** Event streams of the coupon that is on sale. */
    EVENT_STREAMS("event streams of the coupon on sale, all events are read", Sending.AFTER_ANSWER, Reading.ALL, 500),
    /** Event streams of the coupon that is on sale, of which no byte is read. */
    UNREAD_EVENTS("event streams of the coupon on sale, no event is read", Sending.WITHOUT_PAUSE, Reading.NOTHING, 0),
    /** Claims with a token that has another issuer's signature. */
    BAD_TOKENS("2 claims/s each, with tokens that another key has signed", Sending.AFTER_ANSWER, Reading.ALL, 500),
    /** Requests with a head that is far too large. */
    HUGE_HEADERS("2 requests/s each, with a header of 64 KiB", Sending.AFTER_ANSWER, Reading.ALL, 500),
    /** Claims that wait for stock of a coupon whose whole stock is reserved. */
    FULL_COUPON("claims with `Prefer: wait=30` for another coupon, all of whose stock is reserved",
            Sending.AFTER_ANSWER, Reading.ALL, 500),
    /** Requests that wait for the result of a claim that does not exist. */
    RESULT_WAITS("`GET …/requests/{id}` with `Prefer: wait=30` for unknown ids", Sending.AFTER_ANSWER, Reading.ALL,
            500),
    /** Claims of one user. */
    ONE_USER("2 claims/s each, all of one user", Sending.AFTER_ANSWER, Reading.ALL, 500),
    /** Claims of as many users as there are connections. */
    MANY_USERS("4 claims/s each, of as many users, for the coupon on sale", Sending.AFTER_ANSWER, Reading.ALL, 250),
    /** Claims without a pause, of whose answers no byte is read. */
    FLOOD("claims as fast as the connection takes them (pipelined), no answer is read", Sending.WITHOUT_PAUSE,
            Reading.NOTHING, 0);

    private final String description;
    private final Sending sending;
    private final Reading reading;
    private final int pauseMillis;

    /** How a connection sends. */
    enum Sending {
        NOTHING,
        HEAD_TRICKLED,
        BODY_TRICKLED,
        /** One request at a time. */
        AFTER_ANSWER,
        /** The next request at once, whether the last one is answered or not. */
        WITHOUT_PAUSE
    }

    /** How a connection reads answers. */
    enum Reading {
        ALL, SLOWLY, NOTHING
    }

    Attack(String description, Sending sending, Reading reading, int pauseMillis) {
        this.description = description;
        this.sending = sending;
        this.reading = reading;
        this.pauseMillis = pauseMillis;
    }

    /** The name in reports and on the command line, such as {@code trickled-bodies}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What each connection does; a phrase in Markdown for the report. */
    public String description() {
        return description;
    }

    Sending sending() {
        return sending;
    }

    Reading reading() {
        return reading;
    }

    /** Between an answer and the next request of the same connection. */
    int pauseMillis() {
        return pauseMillis;
    }

    /** All ids. */
    public static List<String> ids() {
        return Stream.of(values()).map(Attack::id).toList();
    }

    /** The attack with this id. */
    public static Optional<Attack> of(String id) {
        return Stream.of(values()).filter(attack -> attack.id().equals(id)).findFirst();
    }
}
