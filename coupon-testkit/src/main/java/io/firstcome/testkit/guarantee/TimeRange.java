package io.firstcome.testkit.guarantee;

import java.time.Instant;

/**
 * A half-open time range; empty when {@code until} is not after {@code from}.
 *
 * @param from the start, inclusive
 * @param until the end, exclusive
 */
record TimeRange(Instant from, Instant until) {

    TimeRange notBefore(Instant start) {
        return from.isBefore(start) ? new TimeRange(start, until) : this;
    }

    TimeRange notAfter(Instant end) {
        return until.isAfter(end) ? new TimeRange(from, end) : this;
    }

    boolean isEmpty() {
        return !from.isBefore(until);
    }

    boolean overlaps(TimeRange other) {
        return !notBefore(other.from).notAfter(other.until).isEmpty();
    }
}
