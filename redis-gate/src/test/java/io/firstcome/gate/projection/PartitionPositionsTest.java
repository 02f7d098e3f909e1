package io.firstcome.gate.projection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.gate.redis.RedisSettings;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.testing.KafkaServer;
import io.firstcome.testing.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

@ExtendWith(KafkaServer.class)
class PartitionPositionsTest {

    @RegisterExtension
    static final RedisServer REDIS = new RedisServer();

    private final TopicPartition partition = new TopicPartition("positions-" + System.nanoTime(), 0);
    private final KafkaClients clients = new KafkaClients(KafkaServer.kafkaSettings(), "ingress", "positions-test",
            new SimpleMeterRegistry());
    private final KafkaConsumer<byte[], byte[]> consumer = clients.consumer("positions", Map.of());
    private final PartitionPositions positions = new PartitionPositions(consumer);
    private final GateWriter gate = new GateWriter(RedisSettings.from(REDIS.environment()),
            new LogIdentity(Map.of(partition.topic(), "id-1", "coupon-outcomes", "id-2")), Duration.ofHours(1));

    @BeforeEach
    void assign() throws Exception {
        try (Admin admin = Admin.create(KafkaServer.kafkaSettings().client())) {
            admin.createTopics(List.of(new NewTopic(partition.topic(), 1, (short) 1))).all().get();
        }
        write(3);
        consumer.assign(List.of(partition));
        positions.onPartitionsAssigned(List.of(partition));
    }

    @AfterEach
    void close() {
        consumer.close();
        gate.close();
        clients.close();
        REDIS.client().flushAll();
    }

    @Test
    void shouldContinueFromTheStoredPosition() {
        // given
        gate.advance(Map.of(), Map.of(partition, 2L));

        // when
        Set<TopicPartition> fromEnd = positions.place(gate);

        // then
        assertThat(fromEnd).isEmpty();
        assertThat(firstOffset()).isEqualTo(2);
    }

    @Test
    void shouldFollowFromTheEndWithoutAPosition() throws Exception {
        // when
        Set<TopicPartition> fromEnd = positions.place(gate);

        // then
        assertThat(fromEnd).containsExactly(partition);
        assertThat(gate.positions(List.of(partition))).isEqualTo(Map.of(partition, 3L));
        write(1);
        assertThat(firstOffset()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4})
    void shouldFollowFromTheEndWithAPositionOutsideTheLog(long stored) throws Exception {
        // given
        gate.advance(Map.of(), Map.of(partition, stored));
        try (Admin admin = Admin.create(KafkaServer.kafkaSettings().client())) {
            admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(2))).all().get();
        }

        // when
        Set<TopicPartition> fromEnd = positions.place(gate);

        // then
        assertThat(fromEnd).containsExactly(partition);
        assertThat(positions.stored()).isEqualTo(Map.of(partition, 3L));
    }

    @Test
    void shouldNoticeASecondLossOfRedis() throws Exception {
        // given
        positions.place(gate);
        write(1);
        Map<TopicPartition, Long> next = positions.after(poll());

        // when
        REDIS.client().flushAll();

        // then
        assertThat(gate.advance(positions.stored(), next)).isFalse();
    }

    private void write(int records) throws Exception {
        try (var producer = new KafkaProducer<>(KafkaServer.kafkaSettings().client(), new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(new ProducerRecord<>(partition.topic(), new byte[]{1})).get();
            }
        }
    }

    private ConsumerRecords<?, ?> poll() {
        var records = new AtomicReference<ConsumerRecords<?, ?>>();
        await().until(() -> {
            records.set(consumer.poll(Duration.ofMillis(100)));
            return !records.get().isEmpty();
        });
        return records.get();
    }

    private long firstOffset() {
        return poll().records(partition).getFirst().offset();
    }
}
