package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.firstcome.gate.projection.ProjectionBatch.Decision;
import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.testing.Campaign;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(KafkaServer.class)
class PartitionPositionsTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private final TopicPartition partition = new TopicPartition("placement-" + System.nanoTime(), 0);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final KafkaClients clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "placement-test",
            meters);
    private final KafkaConsumer<byte[], byte[]> consumer = clients.consumer("placement", Map.of());
    private final Counter rebuilds = meters.counter("rebuilds");
    private final PartitionPositions placement = new PartitionPositions(consumer, rebuilds);
    private final GateWriter gate = new GateWriter(RedisSettings.from(REDIS.environment()),
            new LogIdentity(Map.of(partition.topic(), "id-1", "coupon-outcomes", "id-2")),
            Duration.ofHours(1));

    @BeforeEach
    void assign() throws Exception {
        try (Admin admin = Admin.create(KafkaServer.kafkaSettings().client())) {
            admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1))).all().get();
        }
        try (var producer = new KafkaProducer<>(KafkaServer.kafkaSettings().client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), new byte[]{1})).get();
            }
        }
        consumer.assign(List.of(partition));
        placement.onPartitionsAssigned(List.of(partition));
    }

    @AfterEach
    void close() {
        consumer.close();
        gate.close();
        clients.close();
        REDIS.client().flushAll();
    }

    @Test
    void shouldReadOnWhereRedisSays() {
        // given
        gate.advance(Map.of(), Map.of(partition, 2L));

        // when
        placement.place(gate);

        // then
        assertThat(firstOffset(poll())).isEqualTo(2);
        assertThat(rebuilds.count()).isZero();
    }

    @Test
    void shouldReadFromTheBeginningWhereRedisSaysNothing() {
        // when
        placement.place(gate);

        // then
        assertThat(firstOffset(poll())).isZero();
        assertThat(rebuilds.count()).isEqualTo(1);
    }

    @Test
    void shouldReadFromWhereTheLogBeginsNow() throws Exception {
        // given
        try (Admin admin = Admin.create(KafkaServer.kafkaSettings().client())) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();
        }

        // when
        placement.place(gate);

        // then
        assertThat(firstOffset(poll())).isEqualTo(2);
    }

    @Test
    void shouldNoticeASecondLossBeforeAnythingIsProjectedAfterTheFirst() {
        // given
        placement.place(gate);
        ConsumerRecords<?, ?> records = poll();
        gate.write(new ProjectionBatch(
                Map.of(Campaign.openForLong().couponId(), List.of(new Decision("u1", "r1", "1:0:r1"))),
                Map.of()));

        // when
        REDIS.client().flushAll();

        // then
        assertThat(gate.advance(placement.offsets(), placement.after(records))).isFalse();
    }

    private ConsumerRecords<?, ?> poll() {
        var records = new AtomicReference<ConsumerRecords<?, ?>>();
        await().until(() -> {
            records.set(consumer.poll(Duration.ofMillis(100)));
            return !records.get().isEmpty();
        });
        return records.get();
    }

    private long firstOffset(ConsumerRecords<?, ?> records) {
        return records.records(partition).getFirst().offset();
    }
}
