package io.firstcome.processor.metrics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/** Measures the restorations of the stores from their changelogs. */
public final class RestoreMetrics implements StateRestoreListener {

    private final Timer durations;
    /** By partition of a changelog; each belongs to one store. */
    private final Map<TopicPartition, Restoration> underWay = new ConcurrentHashMap<>();

    private record Restoration(long end, long remaining, long beginNanos) {}

    /** Registers the meters. */
    public RestoreMetrics(MeterRegistry registry) {
        durations = Meters.RESTORE_DURATION.register(registry);
        Meters.RESTORE_REMAINING.register(registry,
                () -> underWay.values().stream().mapToLong(Restoration::remaining).sum());
    }

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long start, long end) {
        underWay.put(partition, new Restoration(end, Math.max(0, end - start), System.nanoTime()));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long batchEnd, long records) {
        underWay.computeIfPresent(partition,
                (_, it) -> new Restoration(it.end, Math.max(0, it.end - batchEnd), it.beginNanos));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long total) {
        Restoration ended = underWay.remove(partition);
        if (ended != null) {
            durations.record(System.nanoTime() - ended.beginNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Another instance restores the partition now. */
    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long total) {
        underWay.remove(partition);
    }
}
