package io.firstcome.sink.store;

import static io.firstcome.sink.fixture.Issues.issue;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.consumer.PartitionRecords;
import io.firstcome.kit.consumer.PollResult;
import io.firstcome.kit.consumer.PolledRecords;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class OutcomeStoreTest {

    private static final TopicPartition PARTITION = new TopicPartition(Topics.OUTCOMES.name(), 0);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final OutcomesTopic topic = OutcomesTopic.create(1);
    private final TestDatabase test;
    private final Database database;
    private final KafkaClients clients = new KafkaClients(topic.kafka(), "sink", "store-test", meters);

    OutcomeStoreTest() throws Exception {
        test = TestDatabase.create(DatabaseServer.MARIADB);
        database = Database.open(test.settings(), meters);
    }

    @AfterEach
    void close() throws Exception {
        clients.close();
        database.close();
        test.close();
        topic.close();
    }

    /** It is ready afterwards, and must be able to answer queries. */
    @Test
    void shouldMakeTheTablesWithoutAPartition() throws Exception {
        try (var store = storeWith(Duration.ofMinutes(1))) {
            // when
            store.store(new PolledRecords(List.of(), Map.of()));

            // then
            assertThat(test.rows().issues()).isEmpty();
        }
    }

    @Test
    void shouldLeaveTheNextBatchToTheNextPollWhenTheTimeIsOver() throws Exception {
        try (var store = storeWith(Duration.ZERO)) {
            // given
            store.positions(List.of(PARTITION));

            // when
            PollResult result = store.store(poll(0, 25));

            // then
            assertThat(result.unfinished()).containsOnly(Map.entry(PARTITION, 10L));
            assertThat(result.stopped()).isEmpty();
            assertThat(result.postponed()).isEmpty();
            assertThat(test.rows().issues()).hasSize(10);
            assertThat(storedOffset()).isEqualTo("10");
        }
    }

    @Test
    void shouldLeaveTheRestToTheNextPollWhenTheTimeIsOver() throws Exception {
        try (var store = storeWith(Duration.ZERO)) {
            // given: of every two rows the second one is refused
            store.positions(List.of(PARTITION));
            test.execute("ALTER TABLE issued_coupons ADD CONSTRAINT every_second CHECK (sequence % 2 = 1)");

            // when
            PollResult first = store.store(poll(0, 10));
            PollResult second = store.store(poll(1, 10));

            // then
            assertThat(first.unfinished()).containsOnly(Map.entry(PARTITION, 1L));
            assertThat(second.unfinished()).containsOnly(Map.entry(PARTITION, 2L));
            assertThat(storedOffset()).isEqualTo("2");
            assertThat(topic.awaitDeadLetters(1)).hasSize(1);

            // when
            long next = 2;
            PollResult last = second;
            while (!last.unfinished().isEmpty()) {
                next = last.unfinished().get(PARTITION);
                last = store.store(poll(next, 10));
            }

            // then
            assertThat(next).isEqualTo(9);
            assertThat(last).isEqualTo(PollResult.stored());
            assertThat(storedOffset()).isEqualTo("10");
            assertThat(test.rows().issues()).hasSize(5);
            assertThat(topic.awaitDeadLetters(5)).hasSize(5);
        }
    }

    @Test
    void shouldStoreNothingMoreOnceItIsClosing() throws Exception {
        try (var store = storeWith(Duration.ofMinutes(1))) {
            // given
            store.positions(List.of(PARTITION));
            store.beginClose();

            // when
            PollResult result = store.store(poll(0, 5));

            // then
            assertThat(result.unfinished()).containsOnly(Map.entry(PARTITION, 0L));
            assertThat(test.rows().issues()).isEmpty();
        }
    }

    private OutcomeStore storeWith(Duration time) {
        return new OutcomeStore(database, clients, new BatchWriter.Limits(10, 3, time), Tracing.OFF,
                new SinkMetrics(meters));
    }

    /** The record at an offset is the issue with the sequence behind it. */
    private static PolledRecords poll(long from, long next) {
        List<ConsumerRecord<byte[], byte[]>> records = LongStream.range(from, next)
                .mapToObj(offset -> new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset,
                        Topic.key(COUPON), Topics.OUTCOMES.encode(issue(offset + 1))))
                .toList();
        return new PolledRecords(List.of(new PartitionRecords(PARTITION, from, next, records)),
                Map.of(PARTITION, from));
    }

    private String storedOffset() throws Exception {
        return test.query("SELECT next_offset FROM sink_offsets");
    }
}
