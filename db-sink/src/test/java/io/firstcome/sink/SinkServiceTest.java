package io.firstcome.sink;

import static io.firstcome.sink.fixture.Issues.issue;
import static io.firstcome.sink.fixture.Issues.issues;
import static io.firstcome.testkit.fixture.CouponFixture.COUPON;
import static io.firstcome.testkit.fixture.CouponFixture.OPENS_AT;
import static io.firstcome.testkit.fixture.CouponFixture.at;
import static io.firstcome.testkit.fixture.CouponFixture.couponId;
import static io.firstcome.testkit.fixture.CouponFixture.couponWithStock;
import static io.firstcome.testkit.fixture.CouponFixture.requestId;
import static io.firstcome.testkit.fixture.CouponFixture.userId;
import static io.firstcome.testkit.fixture.OutcomeFixture.changed;
import static io.firstcome.testkit.fixture.OutcomeFixture.issued;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.DeadLetter;
import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.metrics.Metrics;
import io.firstcome.kit.server.HttpServerSettings;
import io.firstcome.sink.batch.IssuanceBatch;
import io.firstcome.sink.database.Database;
import io.firstcome.sink.fixture.DatabaseServer;
import io.firstcome.sink.fixture.LockedCoupon;
import io.firstcome.sink.fixture.OutcomesTopic;
import io.firstcome.sink.fixture.RunningSink;
import io.firstcome.sink.fixture.TestDatabase;
import io.firstcome.sink.mysql.MySqlWriter;
import io.firstcome.sink.rebuild.DatabaseRebuild;
import io.firstcome.sink.rebuild.HolderPages.Page;
import io.firstcome.sink.rebuild.RebuildProgress;
import io.firstcome.sink.rebuild.RebuildReport;
import io.firstcome.testkit.evidence.StoredCoupon;

/** The whole path from the topic to the tables. */
class SinkServiceTest {

    private final List<RunningSink> sinks = new ArrayList<>();
    private TestDatabase test;
    private OutcomesTopic topic;

    @BeforeEach
    void prepare() throws Exception {
        test = TestDatabase.create(DatabaseServer.MARIADB);
        topic = OutcomesTopic.create(1);
    }

    @AfterEach
    void close() throws Exception {
        sinks.forEach(RunningSink::close);
        topic.close();
        test.close();
    }

    @Test
    void shouldStoreCommittedOutcomesOnly() throws Exception {
        // given
        RunningSink sink = startReady();

        // when
        topic.append(changed("a1", Change.CREATED, couponWithStock(500), OPENS_AT));
        topic.appendAborted(issued("r0", "ghost", 1, at(0)));
        topic.append(issues(1, 300));
        topic.append(issues(301, 305));

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(305).noneMatch(row -> row.userId().value().equals("ghost"));
        assertThat(test.rows().coupons()).containsExactly(new StoredCoupon(COUPON, 500, 305, CouponStatus.ACTIVE));
        // Meters are updated after the commit, so rows can be visible before they are counted.
        await().untilAsserted(() -> assertThat(sink.metric("firstcome_sink_rows_total")).isEqualTo(305));
        await().untilAsserted(
                () -> assertThat(sink.metric("firstcome_sink_batch_seconds_count")).isBetween(4.0, 20.0));
        await().until(() -> sink.metric("firstcome_sink_lag") == 0);
        await().untilAsserted(() -> assertThat(sink.status())
                .isEqualTo("{\"name\":\"sink\",\"status\":\"UP\",\"lag\":0,\"stoppedPartitions\":0}"));
    }

    @Test
    void shouldListTheCouponsOfAUser() throws Exception {
        // given
        RunningSink sink = startReady();

        // when
        topic.append(changed("a1", Change.CREATED, couponWithStock(500), OPENS_AT));
        topic.append(issues(1, 2));

        // then
        awaitStored();
        assertThat(sink.couponsOf("user-2").body()).isEqualTo("""
                {"coupons":[{"couponId":"c1","name":"%s","sequence":2,"nth":1,"issuedAt":"%s",\
                "requestId":"request-2"}]}"""
                .formatted(couponWithStock(500).definition().name(), at(2)));
    }

    @Test
    void shouldGoOnWhereItWasAfterARestart() throws Exception {
        // given
        topic.append(issues(1, 120));
        RunningSink first = startReady();
        awaitStored();
        first.close();
        topic.append(issues(121, 130));

        // when
        RunningSink second = startReady();

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(130);
        await().untilAsserted(() -> assertThat(second.metric("firstcome_sink_rows_total")).isEqualTo(10));
        assertThat(second.metric("firstcome_sink_rows_duplicate_total")).isZero();
    }

    @Test
    void shouldNotTakeATransactionMarkerForALostRecord() throws Exception {
        // given
        topic.append(issues(1, 5));
        RunningSink first = startReady();
        awaitStored();
        first.close();

        // when
        topic.deleteBefore(0, topic.end(0));
        RunningSink second = startReady();

        // then
        topic.append(issues(6, 6));
        awaitStored();
        assertThat(second.isReady()).isTrue();
        assertThat(test.rows().issues()).hasSize(6);
    }

    @Test
    void shouldStopWhenRecordsWereDeletedBeforeTheirStorage() throws Exception {
        // given
        topic.append(issues(1, 5));
        topic.deleteBefore(0, 3);

        // when
        RunningSink sink = start();

        // then
        await().until(() -> sink.problems().contains("records 0 to 2 were deleted before they were stored"));
        assertThat(sink.isLive()).isTrue();
        assertThat(sink.metric("firstcome_sink_stopped_partitions")).isEqualTo(1);
        assertThat(test.rows().issues()).isEmpty();
    }

    @Test
    void shouldGoOnAfterARebuildFromHolders() throws Exception {
        // given: the outcomes are committed, and the transaction with the coupon's state is not
        topic.append(changed("a1", Change.CREATED, couponWithStock(500), OPENS_AT));
        topic.append(issues(1, 4));
        topic.deleteBefore(0, 3);
        topic.appendStatesUncommitted(couponWithStock(500).withIssued(4).withRevoked(1));
        RunningSink sink = start();
        await().until(() -> sink.problems().contains("./firstcome rebuild-database"));

        // when: the authority has issued more by now, and the second of its pages comes after one failure
        var failed = new AtomicBoolean();
        RebuildReport incomplete;
        RebuildReport report;
        try (var meters = new Metrics("test");
                var clients = new KafkaClients(topic.kafka(), "rebuild", "test", meters.registry());
                Database database = Database.open(test.settings(), meters.registry());
                var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RebuildReport> waiting = executor.submit(() -> new DatabaseRebuild(clients, database,
                    (_, _) -> new Page(issues(1, 3), List.of(), Optional.empty()), new NoProgress(), false).run());
            assertThat(waiting).failsWithin(Duration.ofSeconds(1)).withThrowableOfType(TimeoutException.class);
            topic.commit();
            incomplete = waiting.get();
            report = new DatabaseRebuild(clients, database, (_, after) -> {
                if (after.isEmpty()) {
                    return new Page(issues(1, 3), List.of(revoked(2, 1)), Optional.of(userId("user-3")));
                }
                if (!failed.getAndSet(true)) {
                    throw new IllegalStateException("moving partitions");
                }
                return new Page(issues(4, 6), List.of(), Optional.empty());
            }, new NoProgress(), false).run();
        }

        // then
        long end = topic.end(0);
        assertThat(incomplete).isEqualTo(new RebuildReport(1, 3, 3, Map.of(), List.of(COUPON), List.of()));
        assertThat(report).isEqualTo(new RebuildReport(1, 6, 3, Map.of(0, end), List.of(), List.of()));
        assertThat(storedOffset(0)).isEqualTo(end);

        // when
        topic.append(issues(5, 7));

        // then
        awaitStored();
        await().until(sink::isReady);
        assertThat(test.rows().issues()).hasSize(7);
        assertThat(test.query("SELECT GROUP_CONCAT(sequence) FROM issued_coupons WHERE revoked_at IS NOT NULL"))
                .isEqualTo("2");
        assertThat(test.query("SELECT CONCAT(issued_quantity, '-', revoked_quantity) FROM coupons")).isEqualTo("7-1");
        await().untilAsserted(() -> assertThat(sink.metric("firstcome_sink_rows_duplicate_total")).isEqualTo(2));
    }

    private static final class NoProgress implements RebuildProgress {

        @Override
        public void started(int coupons, long holders) {}

        @Override
        public void stored(int holders) {}
    }

    @Test
    void shouldStopWhenTheLogEndsBeforeThePosition() throws Exception {
        // given
        topic.append(issues(1, 5));
        startReady();
        awaitStored();
        sinks.removeLast().close();

        // when
        test.execute("UPDATE sink_offsets SET next_offset = 1000");
        RunningSink sink = start();

        // then
        await().until(() -> sink.problems().contains("not the log that these tables were written from"));
    }

    @Test
    void shouldStopWhenTheTopicWasCreatedAgain() throws Exception {
        // given
        topic.append(issues(1, 5));
        startReady();
        awaitStored();
        sinks.removeLast().close();
        topic.close();
        topic = OutcomesTopic.create(1);

        // when
        topic.append(issues(101, 120));
        RunningSink sink = start();

        // then
        await().until(() -> sink.problems().contains("it was deleted and created again"));
        assertThat(sink.isLive()).isTrue();
        assertThat(test.rows().issues()).hasSize(5);
    }

    /** The tables are then the list of the winners for another cluster. */
    @Test
    void shouldStoreWhatWasDecidedAfterPartitionsWereAdded() throws Exception {
        // given
        topic.append(issues(1, 5));
        RunningSink sink = startReady();

        // when
        topic.addPartitions(2);

        // then
        await().until(
                () -> sink.problems().contains("partitions were added while the service ran: coupon-outcomes has 2"));
        assertThat(sink.isLive()).isTrue();
        topic.appendRecords(List.of(Topics.OUTCOMES.record(issues(6, 6).getFirst(), 0)));
        await().untilAsserted(() -> assertThat(test.rows().issues()).hasSize(6));
    }

    @Test
    void shouldSetAsideInvalidRecordsAndGoOn() throws Exception {
        // given
        byte[] key = Topic.key(COUPON);
        var garbage = new ProducerRecord<>(Topics.OUTCOMES.name(), key, "{\"type\":".getBytes(UTF_8));
        garbage.headers().add("trace", "t1".getBytes(UTF_8));
        byte[] otherKey = Topic.key(couponId("c2"));
        var misplaced = new ProducerRecord<>(Topics.OUTCOMES.name(), otherKey,
                Topics.OUTCOMES.encode(issued("r9", "eve", 9, at(9))));
        // With the headers of a letter the record would be larger than a producer may send.
        var large = new ProducerRecord<>(Topics.OUTCOMES.name(), key, new byte[1_048_000]);
        RunningSink sink = startReady();

        // when
        topic.append(issues(1, 1));
        topic.appendRecords(
                List.of(garbage, Topics.OUTCOMES.record(issued("r2", "user-2", 2, at(2))), misplaced, large));

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(2);
        List<ConsumerRecord<byte[], byte[]>> letters = topic.awaitDeadLetters(3);
        assertThat(letters).extracting(letter -> header(letter, DeadLetterTopic.ORIGIN))
                .containsExactly("coupon-outcomes-0@2", "coupon-outcomes-0@4", "coupon-outcomes-0@5");
        assertThat(letters.getFirst().key()).isEqualTo(key);
        assertThat(letters.getFirst().value()).isEqualTo(garbage.value());
        assertThat(header(letters.getFirst(), "trace")).isEqualTo("t1");
        assertThat(header(letters.getFirst(), DeadLetterTopic.REASON)).contains("not valid JSON");
        assertThat(header(letters.get(1), DeadLetterTopic.REASON)).contains("key is c2");
        assertThat(letters.getLast().value()).hasSize(DeadLetter.MAX_PART_BYTES);
        assertThat(sink.metric("firstcome_sink_dead_letters_total")).isEqualTo(3);
    }

    @Test
    void shouldStopAtAnOutcomeOfANewerVersion() throws Exception {
        // given
        var newer = new ProducerRecord<>(Topics.OUTCOMES.name(), Topic.key(COUPON),
                "{\"type\":\"IssueTraded\",\"couponId\":\"c1\"}".getBytes(UTF_8));
        RunningSink sink = startReady();

        // when
        topic.appendRecords(List.of(Topics.OUTCOMES.record(issued("r1", "user-1", 1, at(1))), newer,
                Topics.OUTCOMES.record(issued("r2", "user-2", 2, at(2)))));

        // then
        await().until(() -> sink.problems().contains("has the type IssueTraded"));
        assertThat(test.rows().issues()).extracting(row -> row.userId().value()).containsExactly("user-1");
        assertThat(sink.metric("firstcome_sink_dead_letters_total")).isZero();
        assertThat(sink.metric("firstcome_sink_stopped_partitions")).isEqualTo(1);
        assertThat(sink.isLive()).isTrue();
    }

    @Test
    void shouldSetAsideTheOneRowThatMySqlRejects() throws Exception {
        // given
        RunningSink sink = startReady();
        test.execute("ALTER TABLE issued_coupons ADD CONSTRAINT no_mallory CHECK (user_id <> 'mallory')");
        List<CouponIssued> batch = new ArrayList<>(issues(1, 40));
        batch.set(16, issued("r17", "mallory", 17, at(17)));

        // when
        topic.append(batch);

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(39).noneMatch(row -> row.sequence() == 17);
        List<ConsumerRecord<byte[], byte[]>> letters = topic.awaitDeadLetters(1);
        assertThat(header(letters.getFirst(), DeadLetterTopic.REASON)).contains("no_mallory");
        assertThat(letters.getFirst().value()).isEqualTo(Topics.OUTCOMES.encode(batch.get(16)));
        assertThat(sink.isReady()).isTrue();
    }

    @Test
    void shouldStopWhenMySqlRejectsManyRowsInARow() throws Exception {
        // given
        RunningSink sink = startReady();
        test.execute("ALTER TABLE issued_coupons ADD CONSTRAINT only_few CHECK (sequence <= 5 OR sequence = 7)");

        // when
        topic.append(issues(1, 40));

        // then: 6 is alone; the limit of 3 is exceeded by 8, 9, 10 and 11
        await().until(() -> sink.problems().contains("MySQL refuses 4 records in a row, the last one at offset 10"));
        assertThat(sink.problems()).contains("only_few").contains("./firstcome dlq replay");
        assertThat(sink.metric("firstcome_sink_stopped_partitions")).isEqualTo(1);
        assertThat(storedOffset(0)).isEqualTo(10);
        assertThat(topic.awaitDeadLetters(4)).hasSize(4);

        // when
        test.execute("ALTER TABLE issued_coupons DROP CONSTRAINT only_few");
        sink.close();
        startReady();

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(36);
        assertThat(topic.awaitDeadLetters(4)).hasSize(4);
    }

    @Test
    void shouldWaitWhileAColumnIsMissing() throws Exception {
        // given
        RunningSink sink = startReady();
        test.execute("ALTER TABLE issued_coupons RENAME COLUMN request_id TO renamed");

        // when
        topic.append(issues(1, 40));

        // then
        await().until(() -> sink.problems().contains("request_id"));
        assertThat(sink.metric("firstcome_sink_dead_letters_total")).isZero();

        // when
        test.execute("ALTER TABLE issued_coupons RENAME COLUMN renamed TO request_id");

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(40);
    }

    @Test
    void shouldStopAPartitionThatDivergesAndStoreWhatComesBefore() throws Exception {
        // given
        RunningSink sink = startReady();
        storeByHand("user-17", 17, "another");

        // when
        topic.append(issues(1, 40));

        // then
        await().until(() -> sink.problems().contains("divergence at offset 16"));
        assertThat(sink.problems()).contains("another").contains("request-17");
        assertThat(test.rows().issues()).hasSize(17);
        assertThat(storedOffset(0)).isEqualTo(16);
        assertThat(sink.metric("firstcome_sink_divergences_total")).isEqualTo(1);
        assertThat(sink.status()).contains("DEGRADED", "divergence at offset 16", "\"stoppedPartitions\":1");
        assertThat(sink.isLive()).isTrue();

        // when
        test.execute("DELETE FROM issued_coupons WHERE user_id = 'user-17'");
        sink.close();
        startReady();

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(40);
    }

    @Test
    void shouldStopAtTheRevocationOfAnIssueThatWasSetAside() throws Exception {
        // given
        RunningSink sink = startReady();
        test.execute("ALTER TABLE issued_coupons ADD CONSTRAINT no_nine CHECK (user_id <> 'user-9')");

        // when
        topic.append(issues(1, 3));
        topic.append(issue(9), revoked(2, 1), revoked(9, 2), issue(4));

        // then
        await().until(() -> sink.problems().contains("divergence"));
        assertThat(sink.problems()).contains("user-9", "no such issue", "./firstcome dlq replay");
        assertThat(topic.awaitDeadLetters(1)).hasSize(1);
        assertThat(test.query("SELECT GROUP_CONCAT(sequence) FROM issued_coupons WHERE revoked_at IS NOT NULL"))
                .isEqualTo("2");
        assertThat(test.rows().issues()).hasSize(3);
        assertThat(sink.metric("firstcome_sink_revocations_total")).isEqualTo(1);

        // when: the cause is removed, and the letter is replayed
        test.execute("ALTER TABLE issued_coupons DROP CONSTRAINT no_nine");
        try (Database database = test.open()) {
            new MySqlWriter(database.connections()).store(IssuanceBatch.of(List.of(issue(9))));
        }
        sink.close();
        startReady();

        // then
        awaitStored();
        assertThat(test.query("SELECT GROUP_CONCAT(sequence) FROM issued_coupons WHERE revoked_at IS NOT NULL"))
                .isEqualTo("2,9");
        assertThat(test.rows().issues()).hasSize(5);
    }

    private static IssueRevoked revoked(long sequence, long count) {
        return new IssueRevoked(requestId("v" + sequence), COUPON, userId("user-" + sequence), sequence,
                requestId("request-" + sequence), count, at(100 + sequence));
    }

    private void storeByHand(String user, long sequence, String request) throws Exception {
        test.execute("""
                INSERT INTO issued_coupons (coupon_id, user_id, sequence, request_id, issued_at)
                VALUES ('%s', '%s', %d, '%s', '2026-01-01 09:00:17')""".formatted(COUPON, user, sequence, request));
    }

    @Test
    void shouldKeepTheOtherPartitionsGoingWhenOneStops() throws Exception {
        // given
        topic.close();
        topic = OutcomesTopic.create(6);
        RunningSink sink = startReady();
        storeByHand("user-1", 9, "another");
        CouponId refused = couponOfAnotherPartition();
        test.execute("ALTER TABLE issued_coupons ADD CONSTRAINT none CHECK (coupon_id <> '" + refused + "')");

        // when
        topic.append(issues(1, 1));
        topic.append(LongStream.rangeClosed(1, 4).mapToObj(i -> new CouponIssued(requestId("r" + i), refused,
                userId("user-" + i), i, at(i))).toList());
        await().until(() -> sink.problems().contains("divergence")
                && sink.problems().contains("MySQL refuses 4 records in a row"));
        for (int i = 2; i < 20; i++) {
            topic.append(new CouponIssued(requestId("r"), couponId("c" + i), userId("amy"), 1, at(1)));
        }

        // then
        long running = IntStream.range(2, 20).map(i -> partitionOf(couponId("c" + i)))
                .filter(partition -> partition != partitionOf(COUPON) && partition != partitionOf(refused)).count();
        await().until(() -> test.rows().issues().size() == 1 + running);
        assertThat(test.rows().issues()).filteredOn(row -> row.couponId().equals(COUPON)).hasSize(1);
        assertThat(sink.metric("firstcome_sink_stopped_partitions")).isEqualTo(2);
        assertThat(sink.isLive()).isTrue();
    }

    private CouponId couponOfAnotherPartition() {
        return IntStream.range(0, 100).mapToObj(i -> couponId("refused-" + i))
                .filter(coupon -> partitionOf(coupon) != partitionOf(COUPON)).findFirst().orElseThrow();
    }

    private int partitionOf(CouponId coupon) {
        return BuiltInPartitioner.partitionForKey(Topic.key(coupon), topic.kafka().partitions());
    }

    @Test
    void shouldStoreEachRowOnceThoughTwoSinksReadThePartition() throws Exception {
        // given
        RunningSink one = startReady("group-1");
        RunningSink other = startReady("group-2");

        // when
        for (int i = 0; i < 20; i++) {
            topic.append(issues(i * 50 + 1, i * 50 + 50));
        }

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(1000);
        await().untilAsserted(() -> assertThat(
                one.metric("firstcome_sink_rows_total") + other.metric("firstcome_sink_rows_total")).isEqualTo(1000));
        await().until(
                () -> one.metric("firstcome_sink_fenced_total") + other.metric("firstcome_sink_fenced_total") > 0);
        await().until(() -> one.isReady() && other.isReady());
    }

    @Test
    void shouldFinishTheBatchUnderWayOnClose() throws Exception {
        // given
        RunningSink sink = startReady();
        topic.append(changed("a1", Change.CREATED, couponWithStock(50), OPENS_AT));
        awaitStored();
        LockedCoupon lock = LockedCoupon.of(test.url());
        topic.append(issues(1, 5));
        lock.awaitWaitingWriter();

        // when
        Thread closing = Thread.ofVirtual().start(sink::stop);
        await().until(() -> sink.problems().contains("is stopping"));
        lock.close();
        closing.join();

        // then
        assertThat(test.rows().issues()).hasSize(5);
    }

    @Test
    void shouldCloseItsConnectionsThoughItDropsARequestOnClose() throws Exception {
        // given
        RunningSink sink = RunningSink.start(topic.kafka(), test.settings(), "firstcome-sink",
                new HttpServerSettings(100, Duration.ZERO, Duration.ofMillis(100), Duration.ofSeconds(10)));
        sinks.add(sink);
        await().until(sink::isReady);
        try (Connection connection = test.connect(); Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLES issued_coupons WRITE");
            Thread.ofVirtual().start(() -> sink.couponsOf("user-1"));
            await().until(() -> processes("info LIKE 'SELECT coupon_id, sequence%'").equals("1"));

            // when
            sink.stop();

            // then
            await("only the lock's connection").until(() -> processes("TRUE").equals("1"));
        }
    }

    private String processes(String condition) throws Exception {
        return test.query("""
                SELECT COUNT(*) FROM information_schema.processlist
                WHERE db = DATABASE() AND id <> CONNECTION_ID() AND\s""" + condition);
    }

    @Test
    void shouldStoreALongTransactionInBatches() throws Exception {
        // given
        topic.append(issues(1, 1_050));

        // when
        RunningSink sink = startReady();

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(1_050);
        await().untilAsserted(
                () -> assertThat(sink.metric("firstcome_sink_batch_seconds_count")).isGreaterThanOrEqualTo(11));
    }

    @Test
    void shouldStoreTheBatchesBeforeADivergence() throws Exception {
        // given
        RunningSink sink = startReady();
        storeByHand("user-250", 250, "another");

        // when
        topic.append(issues(1, 400));

        // then
        await().until(() -> sink.problems().contains("divergence at offset 249"));
        assertThat(test.rows().issues()).hasSize(250);
        assertThat(storedOffset(0)).isEqualTo(249);
    }

    @Test
    void shouldEndBetweenTwoBatchesOnClose() throws Exception {
        // given
        RunningSink sink = startReady();
        topic.append(changed("a1", Change.CREATED, couponWithStock(500), OPENS_AT));
        awaitStored();
        LockedCoupon lock = LockedCoupon.of(test.url());
        topic.append(issues(1, 450));
        lock.awaitWaitingWriter();

        // when
        Thread closing = Thread.ofVirtual().start(sink::stop);
        await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
        lock.close();
        closing.join();

        // then
        assertThat(test.rows().issues()).hasSize(100);
    }

    @Test
    void shouldStoreOtherPartitionsWhileOneWaitsForALock() throws Exception {
        // given
        topic.close();
        topic = OutcomesTopic.create(6);
        topic.append(changed("a1", Change.CREATED, couponWithStock(50), OPENS_AT));
        RunningSink first = startReady();
        awaitStored();
        first.close();
        topic.append(issues(1, 5));
        topic.append(issuesOfManyCoupons(1));

        try (var lock = LockedCoupon.of(test.url())) {
            // when
            start();
            lock.awaitWaitingWriter();

            // then
            await().until(() -> test.rows().issues().stream().map(row -> row.couponId()).distinct().count() > 25);
            assertThat(test.rows().issues()).noneMatch(row -> row.couponId().equals(COUPON));
        }
        awaitStored();
    }

    @Test
    void shouldTakeOverThePartitionsOfASinkThatLeaves() throws Exception {
        // given
        topic.close();
        topic = OutcomesTopic.create(4);
        RunningSink staying = startReady();
        RunningSink leaving = startReady();

        // when
        topic.append(issuesOfManyCoupons(1));
        awaitStored();
        leaving.close();
        topic.append(issuesOfManyCoupons(2));

        // then
        awaitStored();
        assertThat(test.rows().issues()).hasSize(80);
        await().until(staying::isReady);
    }

    private RunningSink start() {
        sinks.add(RunningSink.start(topic.kafka(), test.settings()));
        return sinks.getLast();
    }

    private RunningSink startReady() {
        return startReady("firstcome-sink");
    }

    private RunningSink startReady(String group) {
        RunningSink sink = RunningSink.start(topic.kafka(), test.settings(), group);
        sinks.add(sink);
        await().until(sink::isReady);
        return sink;
    }

    private void awaitStored() {
        for (int partition = 0; partition < topic.kafka().partitions(); partition++) {
            int current = partition;
            await().until(() -> storedOffset(current) == topic.end(current));
        }
    }

    private long storedOffset(int partition) throws Exception {
        String offset = test.query("SELECT next_offset FROM sink_offsets WHERE kafka_partition = " + partition);
        return offset == null ? -1 : Long.parseLong(offset);
    }

    private static List<CouponIssued> issues(long first, long last) {
        return LongStream.rangeClosed(first, last).mapToObj(i -> issued("request-" + i, "user-" + i, i, at(i)))
                .toList();
    }

    private static List<CouponIssued> issuesOfManyCoupons(long sequence) {
        return LongStream.range(0, 40).mapToObj(i -> new CouponIssued(requestId("r" + sequence),
                new CouponId("coupon-" + i), userId("user-" + sequence), sequence, at(sequence))).toList();
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), UTF_8);
    }
}
