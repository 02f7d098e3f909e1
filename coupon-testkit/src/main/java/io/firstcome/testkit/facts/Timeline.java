package io.firstcome.testkit.facts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A value that changes over time. */
final class Timeline<T> {

    /** A range in which the value was the same. */
    record Period<T>(TimeRange range, T value) {

        Period<T> within(TimeRange other) {
            return new Period<>(range.notBefore(other.from()).notAfter(other.until()), value);
        }
    }

    private final List<Period<T>> past = new ArrayList<>();
    private Optional<T> last = Optional.empty();
    private Instant since = Instant.MIN;

    void change(T value, Instant now) {
        if (!last.equals(Optional.of(value))) {
            last.ifPresent(ended -> past.add(new Period<>(new TimeRange(since, now), ended)));
            last = Optional.of(value);
            since = now;
        }
    }

    /** The value after the last change; empty before the first one. */
    Optional<T> last() {
        return last;
    }

    Stream<Period<T>> periods() {
        return Stream.concat(past.stream(),
                last.stream().map(value -> new Period<>(new TimeRange(since, Instant.MAX), value)));
    }
}
