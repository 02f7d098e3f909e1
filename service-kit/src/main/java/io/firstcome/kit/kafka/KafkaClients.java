package io.firstcome.kit.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.Topic;
import io.firstcome.contract.TopicSpec;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;

/** Creates the Kafka clients of one service: plain bytes, a client id that names the role, metrics bound. */
public final class KafkaClients implements AutoCloseable {

    private final KafkaSettings settings;
    private final String service;
    private final String instance;
    private final MeterRegistry meters;
    private final Deque<KafkaClientMetrics> measured = new ConcurrentLinkedDeque<>();
    private final AdminClient admin;

    /**
     * @param service the service's name, such as {@code ingress}, in every client id
     * @param instance tells this instance from others in the client ids
     */
    public KafkaClients(KafkaSettings settings, String service, String instance, MeterRegistry meters) {
        this.settings = settings;
        this.service = service;
        this.instance = instance;
        this.meters = meters;
        this.admin = AdminClient.create(properties("admin"));
        measure(new KafkaClientMetrics(admin));
    }

    /** A consumer of committed records, without automatic commits. The caller closes it. */
    public KafkaConsumer<byte[], byte[]> consumer(String role, Map<String, ?> more) {
        Properties properties = properties(role);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        properties.putAll(more);
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        measure(new KafkaClientMetrics(consumer));
        return consumer;
    }

    /** A producer. The caller closes it. */
    public KafkaProducer<byte[], byte[]> producer(String role, Map<String, ?> more) {
        Properties properties = properties(role);
        properties.putAll(more);
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        measure(new KafkaClientMetrics(producer));
        return producer;
    }

    /** The shared admin client. {@link #close} closes it. */
    public Admin admin() {
        return admin;
    }

    /** Every partition of a topic: as many as the settings say, for no service starts on topics that have others. */
    public List<TopicPartition> partitionsOf(TopicSpec topic) {
        return IntStream.range(0, settings.partitions()).mapToObj(i -> new TopicPartition(topic.name(), i)).toList();
    }

    /** On which partition of every topic a coupon's records stand. */
    public int partitionOf(CouponId couponId) {
        return BuiltInPartitioner.partitionForKey(Topic.key(couponId), settings.partitions());
    }

    /**
     * The ids that Kafka gave the topics when they were created: a topic deleted and made anew has another.
     *
     * @throws StartFailure when Kafka does not say
     */
    public Map<String, String> topicIds(Collection<String> topics) {
        try {
            return admin.describeTopics(topics).allTopicNames().get().entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue().topicId().toString()));
        } catch (ExecutionException e) {
            throw new StartFailure("Kafka at " + settings.bootstrap() + " does not describe the topics: "
                    + e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for Kafka", e);
        }
    }

    private Properties properties(String role) {
        Properties properties = settings.client();
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "firstcome-" + service + "-" + role + "-" + instance);
        return properties;
    }

    private void measure(KafkaClientMetrics metrics) {
        metrics.bindTo(meters);
        measured.add(metrics);
    }

    /** Ends the measuring, and all questions: whoever asked them is closed before. */
    @Override
    public void close() {
        measured.forEach(KafkaClientMetrics::close);
        admin.close(Duration.ZERO);
    }
}
