package io.firstcome.standalone.check.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.kit.settings.KafkaConnection;

/**
 * Reads the committed records of one topic from the first one on, as far as it is told. It has no group, commits no
 * offsets and creates no topic.
 */
final class TopicReader implements AutoCloseable {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final int REQUEST_TIMEOUT_MILLIS = 15_000;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final Cut beginning;

    /**
     * @throws org.apache.kafka.common.KafkaException when no broker answers or the topic does not exist
     */
    TopicReader(KafkaConnection kafka, TopicSpec topic) {
        consumer = new KafkaConsumer<>(settings(kafka));
        try {
            List<PartitionInfo> known = consumer.partitionsFor(topic.name());
            if (known == null || known.isEmpty()) {
                throw new UnknownTopicOrPartitionException("there is no topic " + topic.name());
            }
            partitions = known.stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
            consumer.assign(partitions);
            Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
            first.forEach(consumer::seek);
            beginning = cut(first);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    int partitions() {
        return partitions.size();
    }

    /** The first records that Kafka had when this reader was created. Later than 0 where records have expired. */
    Cut beginning() {
        return beginning;
    }

    /** The end of the committed records at this moment. */
    Cut end() {
        return cut(consumer.endOffsets(partitions));
    }

    /**
     * Reads on up to a cut. Records beyond it that came in the same batch are read too.
     *
     * @param progress receives how many records were passed
     * @throws org.apache.kafka.clients.consumer.OffsetOutOfRangeException when records expired before they were read
     */
    void readTo(Cut cut, Consumer<ConsumerRecord<byte[], byte[]>> receiver, LongConsumer progress) {
        while (partitions.stream().anyMatch(partition -> cut.contains(partition.partition(),
                consumer.position(partition)))) {
            var records = consumer.poll(POLL_TIMEOUT);
            records.forEach(receiver);
            progress.accept(records.count());
        }
    }

    private static Cut cut(Map<TopicPartition, Long> offsets) {
        Map<Integer, Long> byPartition = new HashMap<>();
        offsets.forEach((partition, offset) -> byPartition.put(partition.partition(), offset));
        return new Cut(byPartition);
    }

    private static Properties settings(KafkaConnection kafka) {
        Properties settings = kafka.client(ConsumerConfig.configNames());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        // After a gap the comparison would report violations that do not exist.
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
        // With Kafka's default of 500 ms, the fetch at the end of the topic would wait that long.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
