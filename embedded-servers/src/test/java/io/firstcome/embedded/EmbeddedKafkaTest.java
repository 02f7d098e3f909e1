package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaTest {

    @TempDir
    private Path directory;

    @Test
    void shouldKeepWhatItHoldsOverARestart() throws Exception {
        // given
        try (var kafka = EmbeddedKafka.start(directory, 0);
                var admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
                var producer = new KafkaProducer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringSerializer(), new StringSerializer())) {
            admin.createTopics(List.of(new NewTopic("kept", 1, (short) 1))).all().get();
            producer.send(new ProducerRecord<>("kept", "k", "v")).get();
        }

        // when
        try (var kafka = EmbeddedKafka.start(directory, 0);
                var consumer = new KafkaConsumer<>(Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new StringDeserializer(), new StringDeserializer())) {
            var partition = new TopicPartition("kept", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));

            // then
            assertThat(consumer.poll(Duration.ofSeconds(20))).extracting(record -> record.value()).containsExactly("v");
        }
    }

    @Test
    void shouldSayInOneLineThatThePortIsTaken() {
        try (var redis = EmbeddedRedis.start(directory.resolve("redis"), 0)) {
            assertThatThrownBy(() -> EmbeddedKafka.start(directory.resolve("kafka"), redis.port()))
                    .isInstanceOf(ServerStartFailure.class)
                    .hasMessageContaining("port " + redis.port() + " for Kafka is in use");
        }
    }
}
