package io.firstcome.bench.rival.parts;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A topic of a rival with 3 partitions.
 *
 * @param bootstrap the address of Kafka
 * @param name the topic's name
 */
public record RivalTopic(String bootstrap, String name) {

    private static final int PARTITIONS = 3;
    private static final int MAX_REPLICAS = 3;

    /** Creates the topic if it is missing, with three replicas where there are three brokers. */
    public RivalTopic create() throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(client())) {
            int replicas = Math.min(MAX_REPLICAS, admin.describeCluster().nodes().get().size());
            var topic = new NewTopic(name, PARTITIONS, (short) replicas)
                    .configs(Map.of("min.insync.replicas", String.valueOf(Math.max(1, replicas - 1))));
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
        return this;
    }

    /** The topic of records that could not be stored. */
    public RivalTopic deadLetters() {
        return new RivalTopic(bootstrap, name + "-dlt");
    }

    /**
     * A producer with {@code acks=all} and idempotence.
     *
     * @param settings settings that are added or that replace those
     */
    public KafkaProducer<String, String> producer(Map<String, ?> settings) {
        Properties properties = client();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putAll(settings);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    /** New client properties that contain only the address. */
    Properties client() {
        var properties = new Properties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return properties;
    }
}
