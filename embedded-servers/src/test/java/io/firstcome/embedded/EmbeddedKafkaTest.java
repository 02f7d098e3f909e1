package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
import org.apache.kafka.common.utils.Exit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.embedded.process.ServerStartFailure;

class EmbeddedKafkaTest {

    private static final TopicPartition TOPIC = new TopicPartition("topic", 0);

    @TempDir
    private Path directory;

    @Test
    void shouldKeepRecordsAcrossRestartsInOneJvm() throws Exception {
        // given
        try (EmbeddedKafka first = EmbeddedKafka.start(directory, 0)) {
            createTopic(first);
            write(first, "one");
        }

        // when
        try (EmbeddedKafka second = EmbeddedKafka.start(directory, 0)) {
            write(second, "two");
        }

        // then
        try (EmbeddedKafka third = EmbeddedKafka.start(directory, 0)) {
            assertThat(read(third, 2)).containsExactly("one", "two");
        }
    }

    @Test
    void shouldReportACorruptDirectoryAndStartAfterItsRepair() throws IOException {
        // given
        EmbeddedKafka.start(directory, 0).close();
        byte[] intact = Files.readAllBytes(quorumState());
        Files.writeString(quorumState(), "not JSON");
        assertThatThrownBy(() -> EmbeddedKafka.start(directory, 0)).isInstanceOf(ServerStartFailure.class)
                .hasMessageContaining(directory.toString())
                .message().hasLineCount(1);

        // when
        Files.write(quorumState(), intact);

        // then
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory, 0)) {
            assertThat(kafka.port()).isPositive();
        }
    }

    private Path quorumState() {
        return directory.resolve("log/__cluster_metadata-0/quorum-state");
    }

    @Test
    void shouldKeepTheBrokerFromExitingTheJvm() {
        // given
        EmbeddedKafka.start(directory, 0).close();

        // then
        assertThatThrownBy(() -> Exit.halt(1)).hasMessageContaining("Kafka failed with exit status 1");
        assertThatThrownBy(() -> Exit.exit(1)).hasMessageContaining("Kafka failed with exit status 1");
    }

    private static Map<String, Object> client(EmbeddedKafka kafka) {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static void createTopic(EmbeddedKafka kafka) throws Exception {
        try (Admin admin = Admin.create(client(kafka))) {
            admin.createTopics(List.of(new NewTopic(TOPIC.topic(), 1, (short) 1))).all().get();
        }
    }

    private static void write(EmbeddedKafka kafka, String value) throws Exception {
        try (var producer = new KafkaProducer<>(client(kafka), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(TOPIC.topic(), TOPIC.partition(), null, value)).get();
        }
    }

    private static List<String> read(EmbeddedKafka kafka, int count) {
        try (var consumer = new KafkaConsumer<>(client(kafka), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(TOPIC));
            consumer.seekToBeginning(List.of(TOPIC));
            List<String> values = new ArrayList<>();
            await().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                return values.size() >= count;
            });
            return values;
        }
    }
}
