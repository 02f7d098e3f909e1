package io.firstcome.bench.rival.parts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads that consume a topic and commit by hand: the offsets of a poll are committed when its records have been
 * handled. When they cannot be handled, the same records come again after a pause, so records are handled at least
 * once.
 */
public final class TopicWorkers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicWorkers.class);
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(1);
    private static final long PAUSE_MILLIS = 1_000;

    /** Handles the values of one poll, in order; there is at least one. */
    @FunctionalInterface
    public interface Handler {
        void handle(List<String> values) throws Exception;
    }

    private final RivalTopic topic;
    private final Handler handler;
    private final List<KafkaConsumer<String, String>> consumers;
    private final List<Thread> threads;

    /**
     * Starts consuming.
     *
     * @param count how many threads, each with a consumer of the group that is named like the topic
     * @param settings settings of the consumers that are added or that replace defaults
     */
    public TopicWorkers(RivalTopic topic, int count, Map<String, ?> settings, Handler handler) {
        this.topic = topic;
        this.handler = handler;
        this.consumers = IntStream.range(0, count).mapToObj(_ -> consumer(settings)).toList();
        this.threads = consumers.stream()
                .map(consumer -> Thread.ofPlatform().name(topic.name()).start(() -> run(consumer))).toList();
    }

    private KafkaConsumer<String, String> consumer(Map<String, ?> settings) {
        Properties properties = topic.client();
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, topic.name());
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.putAll(settings);
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(topic.name()));
        return consumer;
    }

    private void run(KafkaConsumer<String, String> consumer) {
        try (consumer) {
            while (!Thread.currentThread().isInterrupted()) {
                ConsumerRecords<String, String> records = consumer.poll(POLL_TIMEOUT);
                if (!records.isEmpty() && !handled(records)) {
                    rewind(consumer, records);
                } else if (!records.isEmpty()) {
                    consumer.commitSync();
                }
            }
        } catch (WakeupException _) {
            LOG.debug("the consumer of {} is closing", topic.name());
        }
    }

    private boolean handled(ConsumerRecords<String, String> records) {
        List<String> values = new ArrayList<>(records.count());
        records.forEach(record -> values.add(record.value()));
        try {
            handler.handle(values);
            return true;
        } catch (Exception e) {
            LOG.warn("{} records of {} could not be handled and are tried again", values.size(), topic.name(), e);
            return false;
        }
    }

    private static void rewind(KafkaConsumer<String, String> consumer, ConsumerRecords<String, String> records) {
        Collection<TopicPartition> partitions = records.partitions();
        partitions.forEach(partition -> consumer.seek(partition,
                new OffsetAndMetadata(records.records(partition).getFirst().offset())));
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Stops after the records under way and leaves the group. */
    @Override
    public void close() {
        consumers.forEach(KafkaConsumer::wakeup);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
