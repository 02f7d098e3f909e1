package io.firstcome.testkit.facts;

import java.time.Instant;

/**
 * A half-open time range; empty when {@code until} is not after {@code from}.
 *
 * @param from the start, inclusive
 * @param until the end, exclusive
 */
public record TimeRange(Instant from, Instant until) {

    public TimeRange notBefore(Instant start) {
        return from.isBefore(start) ? new TimeRange(start, until) : this;
    }

    public TimeRange notAfter(Instant end) {
        return until.isAfter(end) ? new TimeRange(from, end) : this;
    }

    public boolean isEmpty() {
        return !from.isBefore(until);
    }

    public boolean overlaps(TimeRange other) {
        return !notBefore(other.from).notAfter(other.until).isEmpty();
    }
}
