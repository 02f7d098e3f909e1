package io.firstcome.sink.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;

import io.firstcome.kit.consumer.PartitionRecords;
import io.firstcome.kit.consumer.PollResult;
import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.consumer.PositionInLog;
import io.firstcome.kit.consumer.PositionedStore;
import io.firstcome.kit.consumer.StartPosition;
import io.firstcome.kit.consumer.StoreUnavailable;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.database.DatabaseUnavailable;
import io.firstcome.sink.mysql.MySqlWriter;

/**
 * MySQL as the store of the outcomes topic. A partition is stored from its first record on, without gaps: where the log
 * does not hold the next record, the partition stops, because only a person can decide to go on without it.
 */
final class OutcomeStore implements PositionedStore {

    private static final Duration PING_INTERVAL = Duration.ofSeconds(5);

    private final Database database;
    private final MySqlWriter writer;
    private final DeadLetters deadLetters;
    private final BatchWriter batches;
    private Instant nextPing = Instant.MIN;

    OutcomeStore(Database database, KafkaClients clients, SinkMetrics metrics) {
        this.database = database;
        this.writer = new MySqlWriter(database.connections());
        this.deadLetters = new DeadLetters(clients, metrics);
        this.batches = new BatchWriter(writer, deadLetters, metrics);
    }

    @Override
    public Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
        Map<TopicPartition, Long> positions = new HashMap<>();
        try {
            database.prepare();
            for (TopicPartition partition : partitions) {
                positions.put(partition, writer.position(partition.topic(), partition.partition()));
            }
        } catch (DatabaseUnavailable e) {
            throw new StoreUnavailable(e.getMessage(), e);
        }
        return positions;
    }

    @Override
    public Map<TopicPartition, StartPosition> startPositions(Map<TopicPartition, PositionInLog> positions) {
        return positions.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, it -> start(it.getValue())));
    }

    private static StartPosition start(PositionInLog log) {
        long stored = log.stored().orElseThrow();
        if (stored < log.beginning()) {
            return new StartPosition.Stopped("records " + stored + " to " + (log.beginning() - 1)
                    + " were deleted before they were stored. To go on without them, stop all sinks of the group,"
                    + " set sink_offsets.next_offset to " + log.beginning() + ", and start them");
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
        for (PartitionRecords records : poll.partitions()) {
            switch (batches.write(records)) {
                case BatchWriter.Result.Done _ -> {
                }
                case BatchWriter.Result.Stopped(String why) -> stopped.put(records.partition(), why);
                case BatchWriter.Result.Postponed(String why) -> {
                    return new PollResult(stopped, Optional.of(why));
                }
            }
        }
        return new PollResult(stopped, Optional.empty());
    }

    /** Without it readiness would not show an outage of MySQL before the next outcome arrives. */
    private void pingIfDue() {
        if (Instant.now().isBefore(nextPing)) {
            return;
        }
        try {
            database.ping();
        } catch (DatabaseUnavailable e) {
            throw new StoreUnavailable(e.getMessage(), e);
        }
        nextPing = Instant.now().plus(PING_INTERVAL);
    }

    @Override
    public void close() {
        deadLetters.close();
    }
}
