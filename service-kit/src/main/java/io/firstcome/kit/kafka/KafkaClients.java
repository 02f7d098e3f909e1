package io.firstcome.kit.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;

/**
 * Creates the Kafka clients of one service. Keys and values are bytes, the client id names the role, metrics are bound.
 */
public final class KafkaClients implements AutoCloseable {

    private final KafkaSettings settings;
    private final String service;
    private final String instance;
    private final MeterRegistry meters;
    private final Deque<KafkaClientMetrics> boundMetrics = new ConcurrentLinkedDeque<>();
    private final AdminClient admin;

    /**
     * @param service the name of the service, such as {@code ingress}, in every client id
     * @param instance distinguishes the client ids of several instances
     */
    public KafkaClients(KafkaSettings settings, String service, String instance, MeterRegistry meters) {
        this.settings = settings;
        this.service = service;
        this.instance = instance;
        this.meters = meters;
        this.admin = AdminClient.create(defaults("admin", AdminClientConfig.configNames()));
        bind(new KafkaClientMetrics(admin));
    }

    /**
     * A consumer of committed records, without automatic commits. The caller closes it.
     *
     * @param properties client properties that are added or that replace defaults
     */
    public KafkaConsumer<byte[], byte[]> consumer(String role, Map<String, ?> properties) {
        Properties all = defaults(role, ConsumerConfig.configNames());
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        if (properties.containsKey(ConsumerConfig.GROUP_ID_CONFIG) && !settings.instanceId().isEmpty()) {
            all.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, settings.instanceId());
        }
        all.putAll(properties);
        var consumer = new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        bind(new KafkaClientMetrics(consumer));
        return consumer;
    }

    /**
     * A producer. The caller closes it.
     *
     * @param properties client properties that are added or that replace defaults
     */
    public KafkaProducer<byte[], byte[]> producer(String role, Map<String, ?> properties) {
        Properties all = defaults(role, ProducerConfig.configNames());
        all.putAll(properties);
        var producer = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        bind(new KafkaClientMetrics(producer));
        return producer;
    }

    /** The shared admin client. {@link #close} closes it. */
    public Admin admin() {
        return admin;
    }

    /** Every partition of a topic. No service starts when a topic has another partition count than the settings. */
    public List<TopicPartition> partitionsOf(TopicSpec topic) {
        return IntStream.range(0, settings.partitions()).mapToObj(i -> new TopicPartition(topic.name(), i)).toList();
    }

    /** The partition that holds a coupon's records, the same in every topic. */
    public int partitionOf(CouponId couponId) {
        return BuiltInPartitioner.partitionForKey(Topic.key(couponId), settings.partitions());
    }

    /**
     * The ids that Kafka gave the topics at their creation. A topic that was deleted and created again has another id.
     *
     * @throws StartFailure when Kafka does not answer
     */
    public Map<String, String> topicIds(Collection<String> topics) {
        return ask(() -> TopicLookup.describe(admin, topics)).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, topic -> topic.getValue().topicId().toString()));
    }

    /**
     * How long the brokers keep the records of a topic, which an operator may change at any time; empty for ever.
     *
     * @throws StartFailure when Kafka does not answer
     */
    public Optional<Duration> retention(TopicSpec topic) {
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
        long millis = ask(() -> TopicLookup.retry(() -> admin.describeConfigs(List.of(resource)).all())).get(resource)
                .entries().stream().filter(entry -> entry.name().equals(TopicConfig.RETENTION_MS_CONFIG))
                .mapToLong(entry -> Long.parseLong(entry.value())).findFirst().orElseThrow();
        return millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis));
    }

    private interface Question<T> {

        T ask() throws ExecutionException, TimeoutException, InterruptedException;
    }

    private <T> T ask(Question<T> question) {
        try {
            return question.ask();
        } catch (ExecutionException | TimeoutException e) {
            throw new StartFailure("Kafka at " + settings.bootstrap() + " does not describe the topics: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailure("interrupted while waiting for Kafka", e);
        }
    }

    private Properties defaults(String role, Set<String> known) {
        Properties properties = settings.client(known);
        properties.put(CommonClientConfigs.CLIENT_ID_CONFIG, "firstcome-" + service + "-" + role + "-" + instance);
        return properties;
    }

    private void bind(KafkaClientMetrics metrics) {
        metrics.bindTo(meters);
        boundMetrics.add(metrics);
    }

    /** Unbinds the metrics and closes the admin client. Components that use it are closed before. */
    @Override
    public void close() {
        boundMetrics.forEach(KafkaClientMetrics::close);
        admin.close(Duration.ZERO);
    }
}
