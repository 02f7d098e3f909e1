package io.firstcome.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.consumer.PollResult;
import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.consumer.PositionInLog;
import io.firstcome.kit.consumer.PositionedStore;
import io.firstcome.kit.consumer.StartPosition;
import io.firstcome.kit.consumer.StoreUnavailable;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.firstcome.sink.mysql.MySqlWriter;

/**
 * MySQL as the store of the outcomes topic. A partition is stored from its first record on, without gaps: where the log
 * does not hold the next record, the partition stops, because only a person can decide to go on without it.
 *
 * <p>The partitions of one poll are written at the same time, each over its own connection and in its own
 * transactions. {@link #store} returns when all of them have ended, so no write is under way during a rebalance.
 */
final class OutcomeStore implements PositionedStore {

    private static final Logger LOG = LoggerFactory.getLogger(OutcomeStore.class);
    private static final Duration PING_INTERVAL = Duration.ofSeconds(1);

    private static final String TOPIC = Topics.OUTCOMES.name();

    private final Database database;
    private final KafkaClients clients;
    private final MySqlWriter writer;
    private final DeadLetterSender deadLetters;
    private final BatchWriter batches;
    private final ExecutorService writers;
    private Instant nextPing = Instant.MIN;
    private Optional<String> otherLog = Optional.empty();

    OutcomeStore(Database database, KafkaClients clients, BatchWriter.Limits limits, Tracing tracing,
            SinkMetrics metrics) {
        this.database = database;
        this.clients = clients;
        this.writer = new MySqlWriter(database.connections());
        this.deadLetters = new DeadLetterSender(clients, metrics);
        this.batches = new BatchWriter(writer, deadLetters, limits, tracing, metrics);
        // Not more than there are connections: a thread that waits long for one would report an outage.
        this.writers = Executors.newFixedThreadPool(database.maxConnections(),
                Thread.ofPlatform().daemon().name("sink-writer-", 1).factory());
    }

    @Override
    public Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try {
            database.prepare();
            otherLog = otherLog();
            for (TopicPartition partition : partitions) {
                positions.put(partition, writer.position(partition.topic(), partition.partition()));
            }
        } catch (DatabaseUnavailable e) {
            throw new StoreUnavailable(e.getMessage(), e);
        }
        return positions;
    }

    /** Why the topic is not the one that the tables were written from. Its offsets count other records. */
    private Optional<String> otherLog() throws DatabaseUnavailable {
        String current = clients.topicIds(List.of(TOPIC)).get(TOPIC);
        String stored = writer.topicId(TOPIC, current);
        return stored.equals(current)
                ? Optional.empty()
                : Optional.of(TOPIC + " has the id " + current
                        + " but these tables were written from the topic with the id "
                        + stored + ": it was deleted and created again, or this is another cluster. Use the database of"
                        + " this log or an empty one");
    }

    @Override
    public Map<TopicPartition, StartPosition> startPositions(Map<TopicPartition, PositionInLog> positions) {
        if (otherLog.isPresent()) {
            var stopped = new StartPosition.Stopped(otherLog.get());
            return positions.keySet().stream().collect(Collectors.toMap(partition -> partition, _ -> stopped));
        }
        return positions.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, it -> start(it.getValue())));
    }

    private static StartPosition start(PositionInLog log) {
        long stored = log.stored().orElseThrow();
        if (stored < log.beginning()) {
            return new StartPosition.Stopped("records " + stored + " to " + (log.beginning() - 1)
                    + " were deleted before they were stored. Run ./firstcome rebuild-database: it fills the tables"
                    + " from the authority's holders, and this sink goes on by itself afterwards");
        }
        if (stored > log.end()) {
            return new StartPosition.Stopped("the next offset in MySQL is " + stored + " but the log ends at "
                    + log.end() + ": it is not the log that these tables were written from");
        }
        return new StartPosition.At(stored);
    }

    @Override
    public PollResult store(PolledRecords poll) {
        if (poll.partitions().isEmpty()) {
            pingIfDue();
            return PollResult.stored();
        }
        Map<TopicPartition, String> stopped = new HashMap<>();
        Map<TopicPartition, Long> unfinished = new HashMap<>();
        Optional<String> postponed = Optional.empty();
        Map<TopicPartition, BatchWriter.Result> results = write(poll);
        for (Map.Entry<TopicPartition, BatchWriter.Result> result : results.entrySet()) {
            switch (result.getValue()) {
                case BatchWriter.Result.Done _ -> {
                }
                case BatchWriter.Result.Unfinished(long next) -> unfinished.put(result.getKey(), next);
                case BatchWriter.Result.Stopped(String why) -> stopped.put(result.getKey(), why);
                case BatchWriter.Result.Postponed(String why) -> postponed = Optional.of(why);
            }
        }
        return new PollResult(stopped, unfinished, postponed);
    }

    private Map<TopicPartition, BatchWriter.Result> write(PolledRecords poll) {
        batches.beginPoll();
        List<Callable<BatchWriter.Result>> tasks = poll.partitions()
                .stream().<Callable<BatchWriter.Result>>map(records -> () -> batches.write(records)).toList();
        try {
            List<Future<BatchWriter.Result>> ended = writers.invokeAll(tasks);
            Map<TopicPartition, BatchWriter.Result> results = new HashMap<>();
            for (int i = 0; i < tasks.size(); i++) {
                results.put(poll.partitions().get(i).partition(), result(ended.get(i)));
            }
            return results;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** The failure of one partition must not hide that another one has stopped. */
    private static BatchWriter.Result result(Future<BatchWriter.Result> task) {
        try {
            return Tasks.result(task);
        } catch (InterruptException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("a partition could not be stored; it is tried again", e);
            return new BatchWriter.Result.Postponed(e.toString());
        }
    }

    /**
     * Without it readiness would not show an outage of MySQL before the next outcome arrives. An instance without
     * partitions makes the tables, too: it answers queries from them once it is ready.
     */
    private void pingIfDue() {
        if (Instant.now().isBefore(nextPing)) {
            return;
        }
        try {
            database.prepare();
            database.ping();
        } catch (DatabaseUnavailable e) {
            throw new StoreUnavailable(e.getMessage(), e);
        }
        nextPing = Instant.now().plus(PING_INTERVAL);
    }

    @Override
    public void beginClose() {
        batches.beginClose();
    }

    @Override
    public void close() {
        writers.close();
        batches.close();
        deadLetters.close();
    }
}
