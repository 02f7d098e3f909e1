package io.firstcome.kit.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Failures of the brokers' answers. AddedPartitionsTest of the system tests adds partitions on a real broker. */
class TopicMonitorTest {

    private static final Duration INTERVAL = Duration.ofMillis(1);

    @Test
    void shouldNoticeAChangeAfterFailedLooks() {
        // given
        var brokers = new Brokers(3);

        // when
        try (var monitor = TopicMonitor.start(2, brokers, () -> {}, INTERVAL, new SimpleMeterRegistry())) {

            // then
            await().until(() -> !monitor.isUnchanged());
            assertThat(monitor.change().orElseThrow()).contains("coupon-commands has 3, not 2");
            // The monitor does not ask any more, so its silence says nothing about the brokers.
            await().during(INTERVAL.multipliedBy(20)).until(() -> monitor.contactProblem().isEmpty());
            assertThat(monitor.problem()).isEmpty();
        }
    }

    @Test
    void shouldRepeatTheHandlingOfAChangeUntilItSucceedsOnce() {
        // given
        var brokers = new Brokers(0);
        var handled = new AtomicInteger();
        var meters = new SimpleMeterRegistry();

        // when
        try (var monitor = TopicMonitor.start(2, brokers, () -> {
            if (handled.incrementAndGet() < 3) {
                throw new KafkaException("no broker answers");
            }
        }, INTERVAL, meters)) {

            // then
            await().until(() -> handled.get() == 3);
            await().until(() -> meters.get("firstcome.loop.failures").counter().count() == 2);
            assertThat(monitor.problem()).isEmpty();
        }
        assertThat(handled).hasValue(3);
        assertThat(brokers.asked).hasValue(1);
    }

    @Test
    void shouldReportBrokersThatDoNotAnswer() {
        // given
        var brokers = new Brokers(Integer.MAX_VALUE);

        // when
        try (var monitor = TopicMonitor.start(2, brokers, () -> {}, INTERVAL, new SimpleMeterRegistry())) {

            // then
            await().until(() -> monitor.contactProblem().isPresent());
            assertThat(monitor.contactProblem().orElseThrow()).startsWith("Kafka has not described the topics for");
            assertThat(monitor.isUnchanged()).isTrue();
        }
    }

    /** An error, such as a class that is missing, says nothing about the brokers either. */
    @Test
    void shouldNotBlameTheBrokersWhenTheMonitorEnded() {
        // given
        var brokers = new Brokers(0);

        // when
        try (var monitor = TopicMonitor.start(2, brokers, () -> {
            throw new LinkageError("simulated");
        }, INTERVAL, new SimpleMeterRegistry())) {

            // then
            await().until(() -> monitor.problem().isPresent());
            await().during(INTERVAL.multipliedBy(20)).until(() -> monitor.contactProblem().isEmpty());
        }
    }

    /** Brokers that do not answer the first questions. */
    private static final class Brokers implements TopicMonitor.PartitionCounts {

        private final int failures;
        private final AtomicInteger asked = new AtomicInteger();

        Brokers(int failures) {
            this.failures = failures;
        }

        @Override
        public Map<String, Integer> ask() {
            if (asked.incrementAndGet() <= failures) {
                throw new KafkaException("no broker answers");
            }
            return Map.of("coupon-outcomes", 2, "coupon-commands", 3);
        }

        @Override
        public void close() {}
    }
}
