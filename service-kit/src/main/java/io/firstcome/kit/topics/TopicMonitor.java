package io.firstcome.kit.topics;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.kafka.TopicLookup;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.kit.settings.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Watches the partition counts of topics while a service runs. Kafka lets an operator add partitions to any topic at
 * any time and never takes them back. Services name the partition of each record, so coupons stay where they are, but
 * Kafka Streams cannot go on with other counts. So the cluster must be left, in order.
 *
 * <p>All services notice the change in the same way: by a description of the topics once a second. The metadata of
 * Kafka's clients would show the change too, but only after minutes, and not in every client.
 */
public final class TopicMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicMonitor.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    /** In intervals: one slow answer is no outage. */
    private static final int MAX_SILENCE = 5;

    /** Asks the brokers. */
    interface PartitionCounts extends AutoCloseable {

        /** The number of partitions of each watched topic. */
        Map<String, Integer> ask() throws InterruptedException;

        @Override
        void close();
    }

    private final int partitions;
    private final PartitionCounts counts;
    private final ServiceLoop.Step onChange;
    private final Duration interval;
    private final ServiceLoop loop;
    private volatile String change;
    private volatile long answeredNanos = System.nanoTime();
    private boolean isHandled;

    private TopicMonitor(int partitions, PartitionCounts counts, ServiceLoop.Step onChange, Duration interval,
            MeterRegistry meters) {
        this.partitions = partitions;
        this.counts = counts;
        this.onChange = onChange;
        this.interval = interval;
        this.loop = ServiceLoop.named("topic-monitor", this::step, meters)
                .retry(Backoff.exponential(interval, interval.multipliedBy(5))).onEnd(counts::close).build();
    }

    /**
     * Starts watching topics that exist with the partition count of the settings.
     *
     * @param onChange runs after a change was noticed, on the thread of the monitor, and again when it fails; {@link
     *     #close} interrupts it
     */
    public static TopicMonitor start(KafkaSettings kafka, Collection<String> topics, ServiceLoop.Step onChange,
            MeterRegistry meters) {
        Admin admin = Admin.create(kafka.client(AdminClientConfig.configNames()));
        return start(kafka.partitions(), new BrokerCounts(admin, List.copyOf(topics)), onChange, INTERVAL, meters);
    }

    static TopicMonitor start(int partitions, PartitionCounts counts, ServiceLoop.Step onChange, Duration interval,
            MeterRegistry meters) {
        var monitor = new TopicMonitor(partitions, counts, onChange, interval, meters);
        monitor.loop.start();
        return monitor;
    }

    /** As {@link #start(KafkaSettings, Collection, ServiceLoop.Step, MeterRegistry)}, for a service that goes on. */
    public static TopicMonitor start(KafkaSettings kafka, Collection<String> topics, MeterRegistry meters) {
        return start(kafka, topics, () -> {}, meters);
    }

    private void step() throws InterruptedException {
        Thread.sleep(interval);
        if (change == null) {
            noticeChange();
        }
        if (change != null && !isHandled) {
            onChange.run();
            isHandled = true;
        }
    }

    private void noticeChange() throws InterruptedException {
        Map<String, Integer> asked = counts.ask();
        answeredNanos = System.nanoTime();
        List<String> other = asked.entrySet().stream().filter(topic -> topic.getValue() != partitions)
                .map(topic -> topic.getKey() + " has " + topic.getValue()).sorted().toList();
        if (!other.isEmpty()) {
            change = "partitions were added while the service ran: " + String.join(", ", other) + ", not "
                    + partitions + ". Neither reset an application nor change FIRSTCOME_PARTITIONS: see"
                    + " \"Partitions were added to a topic\" in docs/operations.md";
            LOG.error("{}", change);
        }
    }

    private record BrokerCounts(Admin admin, List<String> topics) implements PartitionCounts {

        @Override
        public Map<String, Integer> ask() throws InterruptedException {
            try {
                return TopicLookup.describe(admin, topics).values().stream()
                        .collect(Collectors.toMap(TopicDescription::name, topic -> topic.partitions().size()));
            } catch (ExecutionException | TimeoutException e) {
                throw new KafkaException("the topics cannot be described", e);
            }
        }

        @Override
        public void close() {
            admin.close(Duration.ZERO);
        }
    }

    /** What changed and what to do; empty while the counts are those of the settings. For readiness. */
    public Optional<String> change() {
        return Optional.ofNullable(change);
    }

    /** Whether the topics have the partition counts of the settings, as far as is known. */
    public boolean isUnchanged() {
        return change == null;
    }

    /** Why Kafka cannot be reached, as far as is known; empty also when the monitor itself ended. */
    public Optional<String> contactProblem() {
        Duration silence = Duration.ofNanos(System.nanoTime() - answeredNanos);
        return change != null || loop.problem().isPresent() || silence.compareTo(interval.multipliedBy(MAX_SILENCE)) < 0
                ? Optional.empty()
                : Optional.of("Kafka has not described the topics for "
                        + silence.toSeconds() + " s");
    }

    /** Why the loop ended; empty while it runs. For liveness. */
    public Optional<String> problem() {
        return loop.problem();
    }

    @Override
    public void close() {
        loop.close();
    }
}
