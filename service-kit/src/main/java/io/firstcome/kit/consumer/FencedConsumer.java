package io.firstcome.kit.consumer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.RetryState;
import io.firstcome.kit.loop.ServiceLoop;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Brings the committed records of topics into a {@link PositionedStore}, which also keeps the offsets. Kafka only
 * shares the partitions among the instances of a group; no offset is committed to it.
 *
 * <p>After an assignment and after every failure a partition is paused until its position has been read from the store.
 * So neither a write with an unknown result nor a rebalance can lose a record or store it twice. While the store fails,
 * polling goes on with all partitions paused, so that the group does not take them away and rebalances do not wait.
 *
 * <p>How to use it: implement {@link PositionedStore}, create the consumer, pass {@link #problem} to
 * {@link io.firstcome.kit.health.Health#liveWhen} and the other problems to {@code readyWhen} where they matter,
 * register {@link #lag} as a gauge, then {@link #start}. {@link #close} also closes the store.
 */
public final class FencedConsumer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FencedConsumer.class);
    /** How often the store is asked again about partitions that it stopped because of their positions. */
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(5);

    /**
     * How a store is fed.
     *
     * @param name the loop's name, also the role in the client id
     * @param topics the topics to read
     * @param group the consumer group that shares the partitions
     * @param maxPollRecords how many records one poll returns at most
     * @param pollTimeout how long a poll waits for records
     * @param backoff the waits after failures
     * @param closeTimeout how long {@link FencedConsumer#close} waits for the store's step under way
     */
    public record Settings(
            String name,
            List<String> topics,
            String group,
            int maxPollRecords,
            Duration pollTimeout,
            Backoff backoff,
            Duration closeTimeout) {

        /** An upper estimate: ids of 36 characters make outcomes of about 230 bytes. */
        private static final int RECORD_BYTES = 256;

        private Map<String, ?> clientProperties() {
            return Map.of(ConsumerConfig.GROUP_ID_CONFIG, group,
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG, maxPollRecords,
                    // A poll returns at most what was fetched: otherwise the records of one partition never fill it.
                    ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                    Math.max(ConsumerConfig.DEFAULT_MAX_PARTITION_FETCH_BYTES, maxPollRecords * RECORD_BYTES),
                    // A position that the log does not hold must reach the store, which decides what that means.
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none",
                    ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false,
                    ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000,
                    // A member learns of a rebalance from the answer to its heartbeat.
                    ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500,
                    // Partitions that stay with their instance are read on while others move.
                    ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        }
    }

    private final Settings settings;
    private final Consumer<byte[], byte[]> consumer;
    private final PositionedStore store;
    private final PartitionStates states = new PartitionStates();
    private final RetryState retries;
    private final LagMonitor lag;
    private final ServiceLoop loop;
    private final LongSupplier nanoTime;
    private Duration nextPollTimeout;
    private long lastCheckNanos;
    private volatile boolean joined;
    private volatile boolean reached;

    /** A consumer to be started. It owns the store from here on. */
    public FencedConsumer(KafkaClients clients, Settings settings, PositionedStore store, MeterRegistry meters) {
        this(clients.consumer(settings.name(), settings.clientProperties()), settings, store, meters,
                System::nanoTime);
    }

    FencedConsumer(Consumer<byte[], byte[]> consumer, Settings settings, PositionedStore store, MeterRegistry meters,
            LongSupplier nanoTime) {
        this.settings = settings;
        this.consumer = consumer;
        this.store = store;
        this.retries = new RetryState(settings.name(), settings.backoff(), meters, nanoTime);
        this.lag = new LagMonitor(consumer, states, nanoTime);
        this.nextPollTimeout = settings.pollTimeout();
        this.nanoTime = nanoTime;
        this.lastCheckNanos = nanoTime.getAsLong();
        this.loop = ServiceLoop.named(settings.name(), this::step, meters).retry(settings.backoff())
                .onFailure(_ -> pauseAll()).onClose(this::wakeUp).onEnd(this::release)
                .closeTimeout(settings.closeTimeout()).build();
        consumer.subscribe(settings.topics(), new RebalanceListener());
    }

    /** Starts the thread. Neither Kafka nor the store need to be reachable. */
    public void start() {
        loop.start();
    }

    /** Handles failures of the store, since polling has to go on. A failure of {@code poll} is left to the loop. */
    void step() {
        if (retries.isAttemptDue() && !states.unpositioned().isEmpty()) {
            attempt(() -> position(states.unpositioned()));
        } else if (retries.isAttemptDue() && nanoTime.getAsLong() - lastCheckNanos >= CHECK_INTERVAL.toNanos()) {
            lastCheckNanos = nanoTime.getAsLong();
            if (!states.stoppedAtStart().isEmpty()) {
                attempt(() -> position(states.stoppedAtStart()));
            }
        }
        ConsumerRecords<byte[], byte[]> records = poll();
        // While an attempt is not due all partitions are paused. The records of a poll are stored all the same: the
        // next store would move the position behind them.
        if (retries.isAttemptDue() || !records.isEmpty()) {
            attempt(() -> store(records));
        }
        if (lag.measureIfDue() && lag.lag() == 0 && storeProblem().isEmpty()) {
            retries.succeeded();
        }
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (StoreUnavailable e) {
            pauseAll();
            retries.failed(e.getMessage());
        } catch (RuntimeException e) {
            pauseAll();
            retries.failed(e);
        }
    }

    private void position(List<TopicPartition> partitions) {
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> stored = store.positions(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, PositionInLog> positions = new HashMap<>();
        for (TopicPartition partition : partitions) {
            Long known = stored.get(partition);
            positions.put(partition, new PositionInLog(known == null ? OptionalLong.empty() : OptionalLong.of(known),
                    beginnings.get(partition), ends.get(partition)));
        }
        Map<TopicPartition, StartPosition> starts = store.startPositions(positions);
        for (TopicPartition partition : partitions) {
            switch (starts.get(partition)) {
                case StartPosition.At(long offset) -> {
                    readFrom(partition, offset);
                    consumer.resume(List.of(partition));
                    LOG.info("{} reads {} from offset {}", settings.name(), partition, offset);
                }
                case StartPosition.Stopped(String why) -> stop(partition, why, true);
            }
        }
        // The store may have work to do between polls, such as a backfill of what it lost.
        nextPollTimeout = Duration.ZERO;
        reached();
    }

    private void readFrom(TopicPartition partition, long offset) {
        consumer.seek(partition, offset);
        states.reading(partition, offset);
    }

    private ConsumerRecords<byte[], byte[]> poll() {
        Duration timeout = nextPollTimeout;
        nextPollTimeout = settings.pollTimeout();
        try {
            return consumer.poll(timeout);
        } catch (InvalidOffsetException e) {
            pauseAll();
            retries.failed(e.getMessage());
            return ConsumerRecords.empty();
        }
    }

    private void store(ConsumerRecords<byte[], byte[]> records) {
        PolledRecords poll = polled(records);
        PollResult result = store.store(poll);
        result.stopped().forEach((partition, why) -> stop(partition, why, false));
        if (result.postponed().isPresent()) {
            pauseAll();
            retries.failed(result.postponed().get());
            return;
        }
        List<PartitionRecords> stored = poll.partitions().stream()
                .filter(it -> !result.stopped().containsKey(it.partition())).toList();
        stored.forEach(it -> states.reading(it.partition(), it.next()));
        result.unfinished().forEach(this::readFrom);
        if (!stored.isEmpty()) {
            retries.succeeded();
        }
        if (joined && states.unpositioned().isEmpty()) {
            reached();
            nextPollTimeout = store.betweenPolls(settings.pollTimeout());
        }
    }

    /** Only partitions that are being read: one that was assigned during the poll has no position yet. */
    private PolledRecords polled(ConsumerRecords<byte[], byte[]> records) {
        Map<TopicPartition, Long> positions = states.reading();
        List<PartitionRecords> partitions = new ArrayList<>();
        records.nextOffsets().forEach((partition, next) -> {
            if (positions.containsKey(partition)) {
                partitions.add(new PartitionRecords(partition, positions.get(partition), next.offset(),
                        records.records(partition)));
            }
        });
        return new PolledRecords(partitions, positions);
    }

    private void reached() {
        reached = true;
        retries.improved();
    }

    /** Leaves the partition alone until it is assigned anew, or may start; the others go on. */
    private void stop(TopicPartition partition, String why, boolean atStart) {
        if (!why.equals(states.stopped().get(partition.toString()))) {
            LOG.error("{} STOPPED {}: {}", settings.name(), partition, why);
        }
        consumer.pause(List.of(partition));
        states.stopped(partition, why, atStart);
    }

    /** Reads nothing until the positions have been read from the store again. */
    private void pauseAll() {
        consumer.pause(consumer.assignment());
        states.unpositionAll();
    }

    private void wakeUp() {
        store.beginClose();
        consumer.wakeup();
    }

    private void release() {
        try {
            // A member with an instance id would otherwise stay in the group until its session times out.
            consumer.close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
        } finally {
            store.close();
        }
    }

    /** Why the loop ended; empty while it runs. For liveness. */
    public Optional<String> problem() {
        return loop.problem();
    }

    /** Why this instance has no assignment or cannot poll; empty when it is a member of the group. For readiness. */
    public Optional<String> groupProblem() {
        return loop.failure().or(() -> joined
                ? Optional.empty()
                : Optional.of("has not been assigned partitions by the consumer group yet"));
    }

    /** Why nothing can be stored at the moment; empty while the store works. For readiness. */
    public Optional<String> storeProblem() {
        return retries.problem().or(() -> reached ? Optional.empty() : Optional.of("has not reached the store yet"));
    }

    /** The partitions that need a person, with the reason. A restart alone does not help. For readiness. */
    public Map<String, String> stoppedPartitions() {
        return states.stopped();
    }

    /** Committed records of the assigned partitions that are not stored; NaN while that is not known. */
    public double lag() {
        return lag.lag();
    }

    /** As {@link #lag}; empty while that is not known. */
    public OptionalLong knownLag() {
        double records = lag.lag();
        return Double.isNaN(records) ? OptionalLong.empty() : OptionalLong.of((long) records);
    }

    /**
     * Finishes the step under way and leaves the group, so that other instances take over at once. A step that hangs is
     * left behind after the time limit.
     */
    @Override
    public void close() {
        loop.close();
    }

    /** Kafka calls these methods from within {@code poll}, between two calls of the store. */
    private final class RebalanceListener implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            states.assigned(partitions);
            // Without any position the poll would throw. The real one is set before the partition is resumed.
            partitions.forEach(partition -> consumer.seek(partition, 0));
            consumer.pause(partitions);
            joined = true;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            states.revoked(partitions);
        }
    }
}
