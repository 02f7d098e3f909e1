package io.firstcome.sink.store;

import java.time.Duration;

import io.firstcome.kit.consumer.FencedConsumer;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** The registered meters of the sink. */
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
        rows = Meters.SINK_ROWS.register(registry);
        revocations = Meters.SINK_REVOCATIONS.register(registry);
        duplicates = Meters.SINK_DUPLICATES.register(registry);
        deadLetters = Meters.SINK_DEAD_LETTERS.register(registry);
        divergences = Meters.SINK_DIVERGENCES.register(registry);
        fences = Meters.SINK_FENCED.register(registry);
        batches = Meters.SINK_BATCH.register(registry);
    }

    /** Registers the gauges that the consumer provides. */
    void observe(FencedConsumer consumer) {
        Meters.SINK_LAG.register(registry, consumer::lag);
        Meters.SINK_STOPPED_PARTITIONS.register(registry, () -> consumer.stoppedPartitions().size());
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
