package io.firstcome.kit.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.health.Health;
import io.firstcome.kit.loop.Backoff;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The loop's decisions, step by step, on Kafka's own test consumer. The sink's tests run it on a real broker. */
class FencedConsumerTest {

    private static final TopicPartition ONE = new TopicPartition("log", 0);
    private static final TopicPartition OTHER = new TopicPartition("log", 1);
    private static final Duration WAIT = Duration.ofSeconds(1);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(1);

    private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none");
    private final FakeStore store = new FakeStore();
    private Duration now = Duration.ZERO;
    private FencedConsumer consumer;

    @BeforeEach
    void create() {
        var settings = new FencedConsumer.Settings("test-consumer", List.of("log"), "group", 100, POLL_TIMEOUT,
                Backoff.exponential(WAIT, WAIT), Duration.ofSeconds(5));
        consumer = new FencedConsumer(kafka, settings, store, new SimpleMeterRegistry(), () -> now.toNanos());
        kafka.updateBeginningOffsets(Map.of(ONE, 2L, OTHER, 0L));
        kafka.updateEndOffsets(Map.of(ONE, 9L, OTHER, 9L));
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void shouldReadFromWhereTheStoreSays() {
        // given
        store.positions.put(ONE, 5L);
        assign(ONE);
        append(ONE, 4, 5, 6);

        // when
        consumer.step();

        // then
        assertThat(store.seen).containsEntry(ONE, new PositionInLog(OptionalLong.of(5), 2, 9));
        assertThat(store.stored).containsExactly("log-0@5", "log-0@6");
        assertThat(store.positions).containsEntry(ONE, 7L);
        assertThat(consumer.groupProblem()).isEmpty();
        assertThat(consumer.storeProblem()).isEmpty();
        assertThat(consumer.lag()).isEqualTo(2);
    }

    @Test
    void shouldLetTheStoreDecideWhereAnUnknownPartitionStarts() {
        // given
        assign(ONE);
        append(ONE, 4, 5);

        // when
        consumer.step();

        // then
        assertThat(store.seen).containsEntry(ONE, new PositionInLog(OptionalLong.empty(), 2, 9));
        assertThat(store.stored).containsExactly("log-0@5");
    }

    @Test
    void shouldReadTheEndOfTheLogAfterThePosition() {
        // given
        assign(ONE);
        store.otherInstance = () -> {
            kafka.updateEndOffsets(Map.of(ONE, 12L));
            store.positions.put(ONE, 12L);
        };

        // when
        consumer.step();

        // then
        assertThat(store.seen).containsEntry(ONE, new PositionInLog(OptionalLong.of(12), 2, 12));
    }

    @Test
    void shouldNotBeReadyBeforeAnAssignment() {
        // when
        consumer.step();

        // then
        assertThat(consumer.groupProblem()).contains("has not been assigned partitions by the consumer group yet");
        assertThat(consumer.storeProblem()).contains("has not reached the store yet");
    }

    @Test
    void shouldPassThePositionsOfIdlePartitionsToTheStore() {
        // given
        assign(ONE, OTHER);
        append(ONE, 5);

        // when
        consumer.step();
        consumer.step();

        // then
        assertThat(store.lastPoll.partitions()).isEmpty();
        assertThat(store.lastPoll.positions()).containsOnly(Map.entry(ONE, 6L), Map.entry(OTHER, 5L));
    }

    @Test
    void shouldPauseEverythingAndReadPositionsAnewAfterAFailure() {
        // given
        assign(ONE, OTHER);
        consumer.step();
        store.failure = new StoreUnavailable("no connection", null);
        append(ONE, 5);
        append(OTHER, 5);

        // when
        consumer.step();

        // then
        assertThat(kafka.paused()).containsOnly(ONE, OTHER);
        assertThat(consumer.storeProblem()).contains("no connection");
        assertThat(store.stored).isEmpty();

        // when
        store.failure = null;
        consumer.step();

        // then
        assertThat(store.stored).isEmpty();
        assertThat(consumer.storeProblem()).contains("no connection");

        // when
        now = now.plus(WAIT);
        append(ONE, 5);
        append(OTHER, 5);
        consumer.step();

        // then
        assertThat(store.stored).containsOnly("log-0@5", "log-1@5");
        assertThat(consumer.storeProblem()).isEmpty();
    }

    @Test
    void shouldGoOnWhereTheOtherInstanceLeftThePosition() {
        // given
        assign(ONE);
        consumer.step();
        store.result = PollResult.postponed("another instance has moved the position");
        append(ONE, 5);
        consumer.step();

        // when
        store.result = PollResult.stored();
        store.positions.put(ONE, 6L);
        now = now.plus(WAIT);
        append(ONE, 6);
        consumer.step();

        // then
        assertThat(store.stored).containsExactly("log-0@6");
    }

    @Test
    void shouldReadOtherPartitionsWhenOneIsStopped() {
        // given
        assign(ONE, OTHER);
        consumer.step();
        store.result = PollResult.storedExcept(Map.of(ONE, "contradiction"));
        append(ONE, 5);

        // when
        consumer.step();
        store.result = PollResult.stored();
        append(OTHER, 5);
        consumer.step();

        // then
        assertThat(kafka.paused()).containsOnly(ONE);
        assertThat(consumer.stoppedPartitions()).containsOnly(Map.entry("log-0", "contradiction"));
        assertThat(store.stored).containsExactly("log-1@5");
        assertThat(consumer.storeProblem()).isEmpty();
    }

    @Test
    void shouldPollTheRestOfAPartitionAgain() {
        // given
        assign(ONE, OTHER);
        consumer.step();
        store.result = new PollResult(Map.of(), Map.of(ONE, 6L), Optional.empty());
        append(ONE, 5, 6, 7);
        append(OTHER, 5);

        // when
        consumer.step();
        long position = kafka.position(ONE);
        store.result = PollResult.stored();
        append(ONE, 6, 7);
        consumer.step();

        // then
        assertThat(position).isEqualTo(6);
        assertThat(kafka.paused()).isEmpty();
        assertThat(store.lastPoll.positions()).containsOnly(Map.entry(ONE, 6L), Map.entry(OTHER, 6L));
        assertThat(store.stored).containsExactly("log-0@6", "log-0@7");
        assertThat(consumer.storeProblem()).isEmpty();
    }

    @Test
    void shouldNotReadAPartitionThatTheStoreStops() {
        // given
        store.stopped.put(ONE, "records were deleted");
        assign(ONE, OTHER);

        // when
        consumer.step();

        // then
        assertThat(kafka.paused()).containsOnly(ONE);
        assertThat(consumer.stoppedPartitions()).containsOnly(Map.entry("log-0", "records were deleted"));
        assertThat(store.lastPoll.positions()).containsOnlyKeys(OTHER);
    }

    @Test
    void shouldGoOnWhenThePositionOfAStopWasChanged() {
        // given
        store.stopped.put(ONE, "records were deleted");
        assign(ONE);
        consumer.step();
        store.stopped.clear();
        store.positions.put(ONE, 6L);
        append(ONE, 5, 6);

        // when
        consumer.step();
        Map<String, String> before = consumer.stoppedPartitions();
        now = now.plusSeconds(5);
        consumer.step();

        // then
        assertThat(before).containsOnlyKeys("log-0");
        assertThat(consumer.stoppedPartitions()).isEmpty();
        assertThat(store.stored).containsExactly("log-0@6");
    }

    @Test
    void shouldAskTheStoreAgainWhenTheLogLacksThePosition() {
        // given
        assign(ONE);
        consumer.step();
        kafka.updateBeginningOffsets(Map.of(ONE, 8L));
        kafka.seek(ONE, 1);
        append(ONE, 8);
        consumer.step();

        // when
        store.positions.put(ONE, 8L);
        now = now.plus(WAIT);
        append(ONE, 8);
        consumer.step();

        // then
        assertThat(store.seen).containsEntry(ONE, new PositionInLog(OptionalLong.of(8), 8, 9));
        assertThat(store.stored).containsExactly("log-0@8");
    }

    @Test
    void shouldPollWithoutWaitingWhileTheStoreHasMoreWork() {
        // given
        assign(ONE);
        store.moreWork = true;

        // when
        consumer.step();
        consumer.step();

        // then
        assertThat(kafka.lastPollTimeout()).isEqualTo(Duration.ZERO);
        assertThat(store.worked).isEqualTo(2);
    }

    @Test
    void shouldNotWorkBetweenPollsWhileTheStoreFails() {
        // given
        assign(ONE);
        store.failure = new StoreUnavailable("no connection", null);
        store.moreWork = true;

        // when
        consumer.step();

        // then
        assertThat(store.worked).isZero();
        assertThat(kafka.lastPollTimeout()).isEqualTo(POLL_TIMEOUT);
    }

    @Test
    void shouldForgetARevokedPartition() {
        // given
        assign(ONE, OTHER);
        consumer.step();

        // when
        kafka.rebalance(List.of(OTHER));
        consumer.step();

        // then
        assertThat(store.lastPoll.positions()).containsOnlyKeys(OTHER);
    }

    @Test
    void shouldRetryAPollThatFails() {
        // given
        store.positions.put(ONE, 5L);
        kafka.schedulePollTask(() -> assign(ONE));
        kafka.schedulePollTask(() -> append(ONE, 5));
        kafka.schedulePollTask(() -> kafka.setPollException(new KafkaException("not authorized")));
        kafka.schedulePollTask(() -> append(ONE, 6));

        // when
        consumer.start();

        // then
        await().until(() -> store.stored.contains("log-0@6"));
        assertThat(consumer.problem()).isEmpty();
    }

    @Test
    void shouldEndOnAnErrorOfTheStoreAndNotBeLive() {
        // given
        var health = new Health().liveWhen("loop", consumer::problem);
        store.error = new AssertionError("the store is broken");

        // when
        consumer.start();

        // then
        await().until(() -> store.closed && kafka.closed());
        assertThat(health.problemsOfLiveness())
                .containsEntry("loop", "ended because of java.lang.AssertionError: the store is broken");
    }

    @Test
    void shouldTellTheStoreThatItIsClosing() {
        // given
        consumer.start();

        // when
        consumer.close();

        // then
        assertThat(store.closing).isTrue();
    }

    @Test
    void shouldCloseConsumerAndStore() {
        // given
        consumer.start();

        // when
        consumer.close();

        // then
        assertThat(kafka.closed()).isTrue();
        assertThat(store.closed).isTrue();
        assertThat(consumer.problem()).isEmpty();
    }

    private void assign(TopicPartition... partitions) {
        kafka.rebalance(List.of(partitions));
    }

    private void append(TopicPartition partition, long... offsets) {
        for (long offset : offsets) {
            kafka.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), offset, null, null));
        }
    }

    /** A store in memory. A partition that it does not know starts at 5. */
    private static final class FakeStore implements PositionedStore {

        private final Map<TopicPartition, Long> positions = new HashMap<>();
        private final Map<TopicPartition, String> stopped = new HashMap<>();
        private final Map<TopicPartition, PositionInLog> seen = new HashMap<>();
        private final Collection<String> stored = new CopyOnWriteArrayList<>();
        private PollResult result = PollResult.stored();
        private Runnable otherInstance = () -> {};
        private RuntimeException failure;
        private PolledRecords lastPoll;
        private boolean moreWork;
        private int worked;
        private volatile Error error;
        private volatile boolean closing;
        private volatile boolean closed;

        @Override
        public Map<TopicPartition, Long> positions(Collection<TopicPartition> partitions) {
            failIfSet();
            otherInstance.run();
            return partitions.stream().filter(positions::containsKey)
                    .collect(Collectors.toMap(it -> it, positions::get));
        }

        @Override
        public Map<TopicPartition, StartPosition> startPositions(Map<TopicPartition, PositionInLog> known) {
            seen.putAll(known);
            Map<TopicPartition, StartPosition> starts = new HashMap<>();
            known.forEach((partition, log) -> starts.put(partition, start(partition, log)));
            return starts;
        }

        private StartPosition start(TopicPartition partition, PositionInLog log) {
            return stopped.containsKey(partition)
                    ? new StartPosition.Stopped(stopped.get(partition))
                    : new StartPosition.At(log.stored().orElse(5));
        }

        @Override
        public PollResult store(PolledRecords poll) {
            failIfSet();
            lastPoll = poll;
            if (result.equals(PollResult.stored())) {
                poll.partitions().forEach(it -> {
                    it.records().forEach(record -> stored.add(it.partition() + "@" + record.offset()));
                    positions.put(it.partition(), it.next());
                });
            }
            return result;
        }

        @Override
        public Duration betweenPolls(Duration idle) {
            worked++;
            return moreWork ? Duration.ZERO : idle;
        }

        private void failIfSet() {
            if (error != null) {
                throw error;
            }
            if (failure != null) {
                throw failure;
            }
        }

        @Override
        public void beginClose() {
            closing = true;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
