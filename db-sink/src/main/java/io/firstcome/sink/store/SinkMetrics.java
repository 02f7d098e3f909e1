package io.firstcome.sink.store;

import java.time.Duration;

import io.firstcome.kit.consumer.FencedConsumer;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Every meter of the sink, by name. */
final class SinkMetrics {

    private final MeterRegistry registry;
    private final Counter rows;
    private final Counter revocations;
    private final Counter duplicates;
    private final Counter deadLetters;
    private final Counter divergences;
    private final Counter fences;
    private final Timer batches;

    SinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        rows = counter(registry, "firstcome.sink.rows", "Issues stored.");
        revocations = counter(registry, "firstcome.sink.revocations", "Revocations stored.");
        duplicates = counter(registry, "firstcome.sink.rows.duplicate",
                "Issues and revocations that were stored already with the same values.");
        deadLetters = counter(registry, "firstcome.sink.dead.letters", "Records copied to the dead-letter topic.");
        divergences = counter(registry, "firstcome.sink.divergences",
                "Partitions stopped because MySQL contradicts the log.");
        fences = counter(registry, "firstcome.sink.fenced",
                "Batches given up because another sink had moved the position.");
        batches = Timer.builder("firstcome.sink.batch").description("Batches committed.").register(registry);
    }

    /** Registers the gauges that the consumer provides. */
    void observe(FencedConsumer consumer) {
        Gauge.builder("firstcome.sink.lag", consumer::lag)
                .description("Committed records of this instance's partitions not yet stored; NaN while unknown.")
                .register(registry);
        Gauge.builder("firstcome.sink.stopped.partitions", () -> consumer.stoppedPartitions().size())
                .description("Partitions that need a person.").register(registry);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    void written(Written written, Duration time) {
        rows.increment(written.rows());
        revocations.increment(written.revoked());
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
}
