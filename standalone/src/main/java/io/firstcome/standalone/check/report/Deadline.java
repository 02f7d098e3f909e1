package io.firstcome.standalone.check.report;

import java.time.Duration;

/** Bounds how long a comparison is repeated while the parts of a system catch up. */
public final class Deadline {

    /**
     * How long an open transaction of the authority can hide outcomes: its timeout of 10 seconds, and some time for the
     * coordinator. A difference that a later outcome may explain is no violation before.
     */
    public static final Duration OF_A_TRANSACTION = Duration.ofSeconds(12);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Duration timeout;
    private final long end;
    private Duration pause = FIRST_PAUSE;

    /** Begins now. */
    public Deadline(Duration timeout) {
        this.timeout = timeout;
        this.end = System.nanoTime() + timeout.toNanos();
    }

    /** The whole time, for messages. */
    public Duration timeout() {
        return timeout;
    }

    /** Waits before the next attempt; false, without waiting, when the time is over. */
    public boolean pause() throws InterruptedException {
        long left = end - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        Thread.sleep(Duration.ofNanos(Math.min(left, pause.toNanos())));
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        return true;
    }
}
