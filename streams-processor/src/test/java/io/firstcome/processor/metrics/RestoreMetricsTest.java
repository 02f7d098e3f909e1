package io.firstcome.processor.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.metrics.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class RestoreMetricsTest {

    private static final TopicPartition ONE = new TopicPartition("changelog", 1);
    private static final TopicPartition TWO = new TopicPartition("changelog", 2);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final RestoreMetrics metrics = new RestoreMetrics(registry);

    @Test
    void shouldShowWhatRemainsOfAllRestorations() {
        // given
        metrics.onRestoreStart(ONE, "coupons", 0, 100);
        metrics.onRestoreStart(TWO, "coupons", 50, 60);

        // when
        metrics.onBatchRestored(ONE, "coupons", 70, 70);

        // then
        assertThat(remaining()).isEqualTo(40);
    }

    @Test
    void shouldTimeARestorationThatEnded() {
        // given
        metrics.onRestoreStart(ONE, "coupons", 0, 100);
        metrics.onRestoreStart(TWO, "coupons", 0, 100);

        // when
        metrics.onRestoreEnd(ONE, "coupons", 100);
        metrics.onRestoreSuspended(TWO, "coupons", 10);

        // then
        assertThat(registry.get(Meters.RESTORE_DURATION.name()).timer().count()).isEqualTo(1);
        assertThat(remaining()).isZero();
    }

    private double remaining() {
        return registry.get(Meters.RESTORE_REMAINING.name()).gauge().value();
    }
}
