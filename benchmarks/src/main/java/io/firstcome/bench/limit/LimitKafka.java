package io.firstcome.bench.limit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.topic.Topics;
import io.firstcome.embedded.EmbeddedKafka;
import io.firstcome.kit.settings.KafkaSettings;
import io.firstcome.kit.topics.TopicProvisioner;

/**
 * A broker of its own for the limits that fill FirstCome's topics: on the run's shared broker their records would reach
 * the system that is measured. It starts with the first round that needs it and ends with its last user.
 */
final class LimitKafka {

    private static final int PARTITIONS = 6;

    private int users;
    private Path directory;
    private EmbeddedKafka broker;

    /** Registers a user, which calls {@link #release} later. */
    synchronized LimitKafka use() {
        users++;
        return this;
    }

    /** The address, and the partition count of the topics. */
    synchronized KafkaSettings settings() {
        return new KafkaSettings(broker.bootstrapServers(), PARTITIONS);
    }

    /** A directory for files of a round; deleted with the broker. */
    synchronized Path directory(String name) {
        return directory.resolve(name);
    }

    /** Starts the broker if necessary, and replaces all topics by empty ones. */
    synchronized void reset() throws IOException, InterruptedException, ExecutionException {
        if (broker == null) {
            directory = Files.createTempDirectory("firstcome-limits");
            broker = EmbeddedKafka.start(directory.resolve("kafka"), 0);
        }
        try (Admin admin = admin()) {
            admin.deleteTopics(admin.listTopics().names().get()).all().get();
            while (!admin.listTopics().names().get().isEmpty()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        TopicProvisioner.ensure(settings(), Topics.all());
    }

    Admin admin() {
        return Admin.create(settings().client());
    }

    /** Writes records and returns when the broker has all of them. */
    void fill(Stream<ProducerRecord<byte[], byte[]>> records) {
        Properties properties = settings().client();
        properties.putAll(Map.of(ProducerConfig.LINGER_MS_CONFIG, 20, ProducerConfig.BATCH_SIZE_CONFIG, 1 << 18));
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            records.forEach(producer::send);
        }
    }

    /** The last user's call stops the broker and deletes its files. */
    synchronized void release() {
        users--;
        if (users == 0 && broker != null) {
            broker.close();
            broker = null;
            delete(directory);
        }
    }

    private static void delete(Path root) {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
