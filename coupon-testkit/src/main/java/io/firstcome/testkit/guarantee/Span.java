package io.firstcome.testkit.guarantee;

import java.time.Instant;

/** From a moment until just before another; empty where the second is not later. */
record Span(Instant from, Instant until) {

    Span notBefore(Instant start) {
        return from.isBefore(start) ? new Span(start, until) : this;
    }

    Span notAfter(Instant end) {
        return until.isAfter(end) ? new Span(from, end) : this;
    }

    boolean isEmpty() {
        return !from.isBefore(until);
    }

    boolean overlaps(Span other) {
        return !notBefore(other.from).notAfter(other.until).isEmpty();
    }
}
