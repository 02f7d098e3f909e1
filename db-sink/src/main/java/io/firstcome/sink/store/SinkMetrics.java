package io.firstcome.sink.store;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.kit.consumer.FencedConsumer;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.sink.mysql.WriteResult.Written;
import io.firstcome.sink.store.ReceivedOutcome.Understood;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
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
    private final DistributionSummary batchRows;
    private final Timer rowDelays;

    SinkMetrics(MeterRegistry registry) {
        this.registry = registry;
        rows = Meters.SINK_ROWS.register(registry);
        revocations = Meters.SINK_REVOCATIONS.register(registry);
        duplicates = Meters.SINK_DUPLICATES.register(registry);
        deadLetters = Meters.SINK_DEAD_LETTERS.register(registry);
        divergences = Meters.SINK_DIVERGENCES.register(registry);
        fences = Meters.SINK_FENCED.register(registry);
        batches = Meters.SINK_BATCH.register(registry);
        batchRows = Meters.SINK_BATCH_ROWS.register(registry);
        rowDelays = Meters.ROW_DELAY.register(registry);
    }

    /** Registers the gauges that the consumer provides. */
    void observe(FencedConsumer consumer) {
        Meters.SINK_LAG.register(registry, consumer::lag);
        Meters.SINK_STOPPED_PARTITIONS.register(registry, () -> consumer.stoppedPartitions().size());
    }

    /** A transaction was committed. */
    void written(Written written, PartitionBatch batch, Duration time) {
        rows.increment(written.rows());
        revocations.increment(written.revoked());
        duplicates.increment(written.duplicates());
        batches.record(time);
        batchRows.record(written.rows() + written.revoked());
        long now = System.currentTimeMillis();
        for (Understood understood : batch.outcomes()) {
            if (understood.outcome() instanceof CouponIssued) {
                // The outcome's record has the append time of the claim. The broker's clock may be ahead.
                rowDelays.record(Math.max(0, now - understood.record().timestamp()), TimeUnit.MILLISECONDS);
            }
        }
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
