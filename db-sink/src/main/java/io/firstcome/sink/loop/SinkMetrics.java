package io.firstcome.sink.loop;

import java.time.Duration;
import java.util.function.IntSupplier;

import io.firstcome.sink.mysql.WriteResult.Written;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Every meter of the sink, by name. */
final class SinkMetrics {

    private final Counter rows;
    private final Counter duplicates;
    private final Counter deadLetters;
    private final Counter divergences;
    private final Counter fences;
    private final Timer batches;
    private volatile double lag = Double.NaN;

    SinkMetrics(MeterRegistry registry, IntSupplier stoppedPartitions) {
        rows = counter(registry, "firstcome.sink.rows", "Issues stored.");
        duplicates = counter(registry, "firstcome.sink.rows.duplicate",
                "Issues that were stored already, word for word.");
        deadLetters = counter(registry, "firstcome.sink.dead.letters", "Outcomes set aside.");
        divergences = counter(registry, "firstcome.sink.divergences",
                "Partitions stopped because MySQL holds something else than the log says.");
        fences = counter(registry, "firstcome.sink.fenced", "Batches given up because another sink was faster.");
        batches = Timer.builder("firstcome.sink.batch").description("Batches committed.").register(registry);
        Gauge.builder("firstcome.sink.lag", () -> lag)
                .description("Committed records of this instance's partitions not yet stored; NaN while unknown.")
                .register(registry);
        Gauge.builder("firstcome.sink.stopped.partitions", stoppedPartitions::getAsInt)
                .description("Partitions that wait for a person.").register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void written(Written written, Duration time) {
        rows.increment(written.rows());
        duplicates.increment(written.duplicates());
        batches.record(time);
    }

    void deadLetters(int count) {
        deadLetters.increment(count);
    }

    void diverged() {
        divergences.increment();
    }

    void fenced() {
        fences.increment();
    }

    void lag(double records) {
        lag = records;
    }
}
