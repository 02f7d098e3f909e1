package io.firstcome.sink.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.consumer.FencedConsumer;
import io.firstcome.kit.consumer.PositionedStore;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.sink.database.Database;
import io.micrometer.core.instrument.MeterRegistry;

/** Reads the outcomes topic into MySQL, in a thread of its own, and reports its state to the probes. */
public final class OutcomeSink implements AutoCloseable {

    /** In batches: what a poll returns is written in parallel, and the next batch is parsed during a transaction. */
    private static final int POLL_SIZE = 8;
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    /** Usually a full poll takes less than a second. */
    private static final Duration WRITE_TIME = Duration.ofSeconds(10);
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(200), Duration.ofSeconds(10));
    /** Longer than the socket timeout of a statement, so that a batch under way ends before the loop is left behind. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(40);

    private final FencedConsumer consumer;

    private OutcomeSink(FencedConsumer consumer) {
        this.consumer = consumer;
    }

    /**
     * Starts storing outcomes.
     *
     * @param group the consumer group that shares the partitions
     * @param batchSize how many records one transaction stores at most
     * @param maxRefusals how many records in a row MySQL may refuse before their partition stops
     * @param health where readiness and liveness are reported
     * @param tracing makes the spans of rows
     */
    public static OutcomeSink start(KafkaClients clients, String group, int batchSize, int maxRefusals,
            Database database, Health health, Tracing tracing, MeterRegistry registry) {
        var metrics = new SinkMetrics(registry);
        var limits = new BatchWriter.Limits(batchSize, maxRefusals, WRITE_TIME);
        var store = new OutcomeStore(database, clients, limits, tracing, metrics);
        return start(clients, group, batchSize, store, metrics, health, registry);
    }

    static OutcomeSink start(KafkaClients clients, String group, int batchSize, PositionedStore store,
            SinkMetrics metrics, Health health, MeterRegistry registry) {
        var settings = new FencedConsumer.Settings("sink", List.of(Topics.OUTCOMES.name()), group,
                POLL_SIZE * batchSize, POLL_TIMEOUT, BACKOFF, CLOSE_TIMEOUT);
        var consumer = new FencedConsumer(clients, settings, store, registry);
        metrics.observe(consumer);
        health.readyWhen("group", consumer::groupProblem)
                .readyWhen("storing", consumer::storeProblem)
                .readyWhen("partitions", () -> stoppedPartitions(consumer))
                .liveWhen("loop", consumer::problem);
        consumer.start();
        return new OutcomeSink(consumer);
    }

    /** Stopped partitions do not affect liveness: a restart does not solve the problem, and other partitions go on. */
    private static Optional<String> stoppedPartitions(FencedConsumer consumer) {
        Map<String, String> stopped = consumer.stoppedPartitions();
        return stopped.isEmpty() ? Optional.empty() : Optional.of(stopped.toString());
    }

    /** Committed outcomes of this instance's partitions that are not stored; empty while that is not known. */
    public OptionalLong lag() {
        return consumer.knownLag();
    }

    /** How many partitions of this instance need a person. */
    public int stoppedPartitions() {
        return consumer.stoppedPartitions().size();
    }

    /** Finishes the batch under way and leaves the group. */
    @Override
    public void close() {
        consumer.close();
    }
}
