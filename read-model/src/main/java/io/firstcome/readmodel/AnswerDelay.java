package io.firstcome.readmodel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Measures how long after the append of a command this ingress has read its outcome, from when on it can answer with
 * the outcome. Commands from before the start of the ingress do not count: their outcomes are read as history.
 */
final class AnswerDelay {

    private final InstantSource clock;
    private final Instant startedAt;
    private final Timer delays;

    AnswerDelay(InstantSource clock, MeterRegistry meters) {
        this.clock = clock;
        this.startedAt = clock.instant();
        this.delays = Meters.ANSWER_DELAY.register(meters);
    }

    /** @param appendedAt when the broker appended the command; the outcome's record has the same time */
    void outcomeRead(Instant appendedAt) {
        if (!appendedAt.isBefore(startedAt)) {
            Duration delay = Duration.between(appendedAt, clock.instant());
            // The broker's clock may be ahead.
            delays.record(delay.isNegative() ? Duration.ZERO : delay);
        }
    }
}
