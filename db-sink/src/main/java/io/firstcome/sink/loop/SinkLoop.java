package io.firstcome.sink.loop;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.Topics;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.sink.mysql.Database;
import io.firstcome.sink.mysql.DatabaseUnavailable;
import io.firstcome.sink.mysql.MySqlWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;

/**
 * Polls, stores, moves on, in a thread of its own. The position of a partition is what MySQL says it is: it is read when
 * the partition is assigned and after every failure, so that neither a failure at the commit, whose outcome nobody knows,
 * nor a rebalance can lose a record or store one twice.
 */
public final class SinkLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SinkLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(40);

    private final Consumer<byte[], byte[]> consumer;
    private final KafkaClientMetrics consumerMetrics;
    private final DeadLetters deadLetters;
    private final Database database;
    private final SinkStatus status;
    private final PartitionStates assignment;
    private final RetryState outage;
    private final SinkMetrics metrics;
    private final BatchWriter delivery;
    private final PartitionPositioner positioning;
    private final LagMonitor watch;
    private final Thread thread = Thread.ofPlatform().name("sink-loop").unstarted(this::run);
    private volatile boolean stopping;

    private SinkLoop(KafkaSettings kafka, String group, int batchSize, Database database, SinkStatus status,
            MeterRegistry registry) {
        this.database = database;
        this.status = status;
        this.assignment = status.assignment();
        this.outage = status.outage();
        metrics = new SinkMetrics(registry, () -> assignment.stopped().size());
        deadLetters = new DeadLetters(kafka, metrics);
        consumer = OutcomeConsumer.create(kafka, group, batchSize);
        consumerMetrics = new KafkaClientMetrics(consumer);
        consumerMetrics.bindTo(registry);
        MySqlWriter writer = new MySqlWriter(database.connections());
        delivery = new BatchWriter(writer, deadLetters, metrics);
        positioning = new PartitionPositioner(consumer, writer, assignment);
        watch = new LagMonitor(consumer, assignment, InstantSource.system());
    }

    /**
     * Starts storing what the outcomes topic holds.
     *
     * @param group the consumer group that shares the partitions
     * @param batchSize how many records one transaction stores at most
     * @param status where the loop says how it is doing
     */
    public static SinkLoop start(KafkaSettings kafka, String group, int batchSize, Database database,
            SinkStatus status, MeterRegistry registry) {
        var loop = new SinkLoop(kafka, group, batchSize, database, status, registry);
        loop.thread.start();
        return loop;
    }

    /** Finishes the batch under way and leaves the group. */
    @Override
    public void close() {
        stopping = true;
        consumer.wakeup();
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                LOG.error("the batch under way did not end within {}; what it holds is not lost", CLOSE_PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        consumerMetrics.close();
        deadLetters.close();
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(List.of(Topics.OUTCOMES.name()), new RebalanceListener());
            while (!stopping) {
                turn();
            }
        } catch (WakeupException closing) {
            LOG.debug("woken up to close", closing);
        } catch (RuntimeException e) {
            status.died(e);
            LOG.error("the sink has ended; a restart continues where MySQL says", e);
        }
    }

    private void turn() {
        position();
        ConsumerRecords<byte[], byte[]> records = poll();
        records.nextOffsets().forEach((partition, next) -> take(partition, next.offset(), records.records(partition)));
        if (watch.isDue()) {
            watch();
        }
    }

    private void position() {
        List<TopicPartition> waiting = assignment.waiting();
        if (waiting.isEmpty() || !outage.mayTry()) {
            return;
        }
        try {
            database.prepare();
            positioning.position(waiting);
            outage.answered();
        } catch (DatabaseUnavailable | TimeoutException e) {
            outage.failed(e.getMessage());
        }
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            postpone(e.getMessage());
            return ConsumerRecords.empty();
        }
    }

    private void take(TopicPartition partition, long next, List<ConsumerRecord<byte[], byte[]>> records) {
        // Nothing flows after a failure earlier in the same poll; it will be read again.
        assignment.flowingFrom(partition).ifPresent(from -> {
            switch (delivery.deliver(partition, from, next, records)) {
                case BatchWriter.Result.Done done -> stored(partition, next);
                case BatchWriter.Result.Stopped stopped -> positioning.stop(partition, stopped.why());
                case BatchWriter.Result.Postponed postponed -> postpone(postponed.why());
            }
        });
    }

    private void stored(TopicPartition partition, long next) {
        assignment.flowing(partition, next);
        outage.over();
    }

    private void postpone(String why) {
        positioning.interrupt();
        outage.failed(why);
    }

    /** Notices that MySQL is away even when there is nothing to store, so that readiness does not claim too much. */
    private void watch() {
        metrics.lag(watch.lag());
        if (outage.problem().isEmpty()) {
            try {
                database.reach();
            } catch (DatabaseUnavailable e) {
                postpone(e.getMessage());
            }
        }
    }

    /** What the group decides about partitions. Nothing is under way then: storing happens between polls. */
    private final class RebalanceListener implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            assignment.given(partitions);
            // A position must be set before the poll goes on; the true one comes from MySQL, before anything is read.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
            status.joined();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            assignment.taken(partitions);
        }
    }
}
