package io.firstcome.readmodel.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.health.Health;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.service.WriterVersion;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.LogWriter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(KafkaServer.class)
class TopicTailTest {

    /** Longer than the one second between two queries for end offsets. */
    private static final Duration SHORT_LIMIT = Duration.ofSeconds(3);
    private static final StartTime SKIP_HISTORY = StartTime.ago(Duration.ofMinutes(-1));

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KafkaClients clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "test", meters);
    private final LogWriter log = new LogWriter();
    private final Queue<CouponOutcome> read = new ConcurrentLinkedQueue<>();
    private final Campaign campaign = Campaign.openForLong();

    @AfterEach
    void close() {
        log.close();
        clients.close();
    }

    @Test
    void shouldReadExistingRecordsAndThenNewOnes() {
        // given
        log.write(campaign.issued("r1", "u1", 1));

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, it -> read.add(it.value()),
                meters);

        // then
        try (tail) {
            await().until(tail::isCurrent);
            assertThat(read).contains(campaign.issued("r1", "u1", 1));
            log.write(campaign.issued("r2", "u2", 2));
            await().until(() -> read.contains(campaign.issued("r2", "u2", 2)));
        }
    }

    @Test
    void shouldStartWithRecordsOfTheGivenAge() {
        // given
        log.write(campaign.issued("r1", "u1", 1));
        Queue<CouponOutcome> readFromNow = new ConcurrentLinkedQueue<>();

        // when
        TopicTail<CouponOutcome> recent = TopicTail.from(StartTime.ago(Duration.ofMinutes(10)), clients,
                Topics.OUTCOMES, it -> read.add(it.value()), meters);
        TopicTail<CouponOutcome> now = TopicTail.from(SKIP_HISTORY, clients, Topics.OUTCOMES,
                it -> readFromNow.add(it.value()), meters);

        // then
        try (recent; now) {
            await().until(recent::isCurrent);
            assertThat(read).contains(campaign.issued("r1", "u1", 1));
            await().until(now::isCurrent);
            assertThat(readFromNow).isEmpty();
        }
    }

    @Test
    void shouldReadOnlyTheLatestRecordsOfAllPartitions() {
        // given
        EmbeddedKafka kafka = EmbeddedKafka.start(KafkaServer.directory("long-log"), 0);
        try (kafka; var latestClients = clientsOf(kafka)) {
            write(kafka, 1000);
            StartTime latest = StartTime.ofLatest(100, Duration.ofHours(1),
                    latestClients.partitionsOf(Topics.OUTCOMES));

            // when
            TopicTail<CouponOutcome> tail = TopicTail.from(latest, latestClients, Topics.OUTCOMES,
                    it -> read.add(it.value()), meters);

            // then
            try (tail) {
                await().until(tail::isCurrent);
                assertThat(read).hasSizeBetween(100, 110);
                assertThat(read).extracting(it -> it.requestId().value()).contains("r1000", "r901")
                        .doesNotContain("r1", "r880");
            }
        }
    }

    @Test
    void shouldReadNoRecordsThatAreTooOld() {
        // given
        EmbeddedKafka kafka = EmbeddedKafka.start(KafkaServer.directory("old-log"), 0);
        try (kafka; var oldClients = clientsOf(kafka)) {
            write(kafka, 1000);
            StartTime latest = StartTime.ofLatest(1_000_000, Duration.ofMillis(500_500),
                    oldClients.partitionsOf(Topics.OUTCOMES));

            // when
            TopicTail<CouponOutcome> tail = TopicTail.from(latest, oldClients, Topics.OUTCOMES,
                    it -> read.add(it.value()), meters);

            // then
            try (tail) {
                await().until(tail::isCurrent);
                assertThat(read).hasSizeBetween(400, 501);
            }
        }
    }

    @Test
    void shouldReadTheLastRecordOfEachPartitionHoweverOldItIs() {
        // given
        EmbeddedKafka kafka = EmbeddedKafka.start(KafkaServer.directory("quiet-log"), 0);
        try (kafka; var quietClients = clientsOf(kafka)) {
            long now = write(kafka, 1000);
            StartTime start = SKIP_HISTORY
                    .notAfter(StartTime.ofTheLastRecords(quietClients.partitionsOf(Topics.OUTCOMES)));
            Map<Integer, Instant> leftOut = new ConcurrentHashMap<>();
            Map<Integer, Instant> readAt = new ConcurrentHashMap<>();

            // when
            TopicTail<CouponOutcome> tail = TopicTail.from(start, quietClients, Topics.OUTCOMES,
                    new RecordListener<CouponOutcome>() {

                        @Override
                        public void read(ConsumedRecord<CouponOutcome> record) {
                            read.add(record.value());
                            readAt.put(record.partition(), record.at());
                        }

                        @Override
                        public void leavesOut(int partition, Instant time) {
                            leftOut.put(partition, time);
                        }
                    }, meters);

            // then
            try (tail) {
                await().until(tail::isCurrent);
                assertThat(read).hasSize(KafkaServer.PARTITIONS);
                assertThat(readAt).containsValue(Instant.ofEpochMilli(now));
                assertThat(leftOut).isEqualTo(readAt);
            }
        }
    }

    @Test
    void shouldTellOnlyOfRecordsThatItLeavesOut() {
        // given
        EmbeddedKafka kafka = EmbeddedKafka.start(KafkaServer.directory("short-log"), 0);
        try (kafka; var shortClients = clientsOf(kafka)) {
            write(kafka, 9);
            Queue<Integer> leftOut = new ConcurrentLinkedQueue<>();

            // when
            TopicTail<CouponOutcome> tail = TopicTail.from(StartTime.ago(Duration.ofMinutes(10)), shortClients,
                    Topics.OUTCOMES, new RecordListener<CouponOutcome>() {

                        @Override
                        public void read(ConsumedRecord<CouponOutcome> record) {
                            read.add(record.value());
                        }

                        @Override
                        public void leavesOut(int partition, Instant time) {
                            leftOut.add(partition);
                        }
                    }, meters);

            // then
            try (tail) {
                await().until(tail::isCurrent);
                assertThat(read).hasSize(9);
                assertThat(leftOut).isEmpty();
            }
        }
    }

    /**
     * Writes one outcome for each of the last seconds, most of them to one partition.
     *
     * @return the time of the last one
     */
    private static long write(EmbeddedKafka kafka, int records) {
        Campaign busy = Campaign.openForLong();
        long now = System.currentTimeMillis();
        var settings = new KafkaSettings(kafka.bootstrapServers(), KafkaServer.PARTITIONS);
        try (var producer = new KafkaProducer<>(settings.client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 1; i <= records; i++) {
                Campaign campaign = i % 10 == 0 ? Campaign.openForLong() : busy;
                ProducerRecord<byte[], byte[]> record = Topics.OUTCOMES.record(campaign.issued("r" + i, "u" + i, i));
                producer.send(new ProducerRecord<>(record.topic(), null, now - (records - i) * 1000L, record.key(),
                        record.value()));
            }
        }
        return now;
    }

    /** On a topic of its own, because every reader of the shared one would stop too. */
    @Test
    void shouldStopAtARecordOfANewerVersion() throws Exception {
        // given
        Topic<CouponOutcome> topic = new Topic<>("newer-outcomes", CouponOutcome.class, Map.of());
        clients.admin().createTopics(List.of(new NewTopic(topic.name(), KafkaServer.PARTITIONS, (short) 1))).all()
                .get();
        CouponOutcome before = campaign.issued("r1", "u1", 1);
        int partition = clients.partitionOf(before.couponId());
        var newer = new ProducerRecord<>(topic.name(), partition, Topic.key(before.couponId()),
                "{\"type\":\"IssueTraded\"}".getBytes(StandardCharsets.UTF_8));
        newer.headers().add(WriterVersion.HEADER, "7.1.0".getBytes(StandardCharsets.UTF_8));
        try (var producer = new KafkaProducer<>(KafkaServer.kafkaSettings().client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.send(topic.record(before, partition));
            producer.send(newer);
            producer.send(topic.record(campaign.issued("r2", "u2", 2), partition));
        }

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, topic, it -> read.add(it.value()), meters);

        // then
        try (tail) {
            await().until(() -> tail.readProblem().orElse("").contains("@1 has the type IssueTraded"));
            assertThat(tail.readProblem().orElseThrow()).contains("Start version 7.1.0 of this service");
            assertThat(tail.isCurrent()).isFalse();
            assertThat(tail.isCurrent(partition)).isFalse();
            await().until(() -> tail.isCurrent((partition + 1) % KafkaServer.PARTITIONS));
            assertThat(tail.readinessProblem()).as("a newer ingress can read on").isEqualTo(tail.readProblem());
            assertThat(read).containsExactly(before);
        }
    }

    @Test
    void shouldNotReadAbortedTransactions() {
        // given
        Properties properties = KafkaServer.kafkaSettings().client();
        properties.put("transactional.id", campaign.id());
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(Topics.OUTCOMES.record(campaign.issued("aborted", "u1", 1)));
            producer.flush();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(Topics.OUTCOMES.record(campaign.issued("committed", "u1", 1)));
            producer.commitTransaction();
        }

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, it -> read.add(it.value()),
                meters);

        // then
        try (tail) {
            await().until(() -> read.contains(campaign.issued("committed", "u1", 1)));
            assertThat(read).doesNotContain(campaign.issued("aborted", "u1", 1));
            await("past the transaction marker").until(tail::isCurrent);
        }
    }

    @Test
    void shouldBeCurrentWithoutAnyRecord() {
        // given
        EmbeddedKafka kafka = EmbeddedKafka.start(KafkaServer.directory("empty"), 0);
        try (kafka; var empty = clientsOf(kafka)) {

            // when
            TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(empty, Topics.OUTCOMES,
                    it -> read.add(it.value()), meters);

            // then
            try (tail) {
                await().until(tail::isCurrent);
            }
        }
    }

    @Test
    void shouldNotBeCurrentWhileTheBrokerIsAway() {
        // given
        Path directory = KafkaServer.directory("away");
        EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0);
        try (var own = clientsOf(kafka);
                var tail = TopicTail.fromTheBeginning(own, Topics.OUTCOMES, it -> read.add(it.value()), meters,
                        SHORT_LIMIT)) {
            await().until(tail::isCurrent);

            // when
            kafka.close();

            // then
            await().until(() -> !tail.isCurrent());
            assertThat(tail.readProblem()).hasValueSatisfying(it -> assertThat(it).contains("no broker answers")
                    .contains("partitions [0, 1, 2]"));
            assertThat(tail.loopProblem()).isEmpty();
            try (var back = EmbeddedKafka.start(directory, kafka.port())) {
                await().until(tail::isCurrent);
                assertThat(back.port()).isEqualTo(kafka.port());
            }
        } finally {
            kafka.close();
        }
    }

    private KafkaClients clientsOf(EmbeddedKafka kafka) {
        KafkaSettings settings = new KafkaSettings(kafka.bootstrapServers(), KafkaServer.PARTITIONS);
        TopicProvisioner.ensure(settings, Topics.all());
        return new KafkaClients(settings, "ingress", "test", meters);
    }

    @Test
    void shouldNotBeCurrentWhileItLags() {
        // given
        CountDownLatch blocked = new CountDownLatch(1);
        TopicTail<CouponOutcome> tail = TopicTail.from(SKIP_HISTORY, clients, Topics.OUTCOMES,
                _ -> awaitLatch(blocked), meters, SHORT_LIMIT);
        try {
            await().until(tail::isCurrent);

            // when
            log.write(campaign.issued("r1", "u1", 1));

            // then
            await().until(() -> !tail.isCurrent());
            assertThat(tail.readProblem()).hasValueSatisfying(it -> assertThat(it).contains("behind by more than 3 s"));
            assertThat(tail.loopProblem()).isEmpty();
            blocked.countDown();
            await().until(tail::isCurrent);
        } finally {
            blocked.countDown();
            tail.close();
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldEndTheLoopWhenTheListenerThrowsAnError() {
        // given
        CouponOutcome last = campaign.issued("r2", "u2", 2);
        log.write(campaign.issued("r1", "u1", 1), last);

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, it -> {
            if (it.value().equals(last)) {
                throw new NoClassDefFoundError("thrown by the test");
            }
            read.add(it.value());
        }, meters, SHORT_LIMIT);

        // then
        try (tail) {
            var health = new Health().liveWhen("reading", tail::loopProblem);
            await().until(() -> tail.loopProblem().isPresent());
            assertThat(health.problemsOfLiveness().get("reading")).contains("NoClassDefFoundError: thrown by the test");
            assertThat(read).contains(campaign.issued("r1", "u1", 1)).doesNotContain(last);
            await().until(() -> !tail.isCurrent());
        }
    }

    @Test
    void shouldSkipAndCountRecordsThatItCannotUse() {
        // given
        log.writeGarbage(Topics.OUTCOMES, campaign.id());
        log.write(campaign.issued("bad", "u1", 1), campaign.issued("good", "u1", 1));

        // when
        TopicTail<CouponOutcome> tail = TopicTail.fromTheBeginning(clients, Topics.OUTCOMES, this::readUnlessBad,
                meters);

        // then
        try (tail) {
            await().until(() -> read.contains(campaign.issued("good", "u1", 1)));
            assertThat(meters.counter("firstcome.reader.records.invalid", "topic", "coupon-outcomes").count())
                    .isGreaterThanOrEqualTo(2);
            assertThat(tail.loopProblem()).isEmpty();
        }
    }

    private void readUnlessBad(ConsumedRecord<CouponOutcome> record) {
        CouponOutcome outcome = record.value();
        if (outcome.requestId().value().equals("bad")) {
            throw new IllegalStateException("thrown by the test");
        }
        read.add(outcome);
    }
}
