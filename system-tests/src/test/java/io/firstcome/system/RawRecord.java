package io.firstcome.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.TopicSpec;

/**
 * A record with key and value as ISO-8859-1 text: one character for each byte, so that records can be compared and
 * printed.
 */
record RawRecord(int partition, long timestamp, String key, String value) {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** Reads the committed records from the beginning to the end, in order within each partition. */
    static List<RawRecord> read(String kafka, TopicSpec topic, Predicate<RawRecord> filter) {
        List<RawRecord> records = new ArrayList<>();
        Instant deadline = Instant.now().plus(TIMEOUT);
        try (var consumer = consumer(kafka, "raw-records")) {
            consumer.assign(consumer.partitionsFor(topic.name()).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition())).toList());
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> records.add(of(record)));
                records.removeIf(filter.negate());
                if (Instant.now().isAfter(deadline)) {
                    throw new AssertionError(
                            "timeout while reading " + topic.name() + ", " + records.size() + " records read");
                }
            }
        }
        return records;
    }

    /** A consumer of committed records. It assigns its partitions itself and does not join the group. */
    static KafkaConsumer<byte[], byte[]> consumer(String kafka, String group) {
        return new KafkaConsumer<>(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, kafka,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed", ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false, ConsumerConfig.GROUP_ID_CONFIG, group,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                // The close waits for the last fetch, which finds nothing at the end of a topic.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10), new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static RawRecord of(ConsumerRecord<byte[], byte[]> record) {
        return new RawRecord(record.partition(), record.timestamp(), new String(record.key(), ISO_8859_1),
                new String(record.value(), ISO_8859_1));
    }

    /** A copy for a producer, with the same partition and timestamp. */
    ProducerRecord<byte[], byte[]> toProducerRecord(TopicSpec topic) {
        return new ProducerRecord<>(topic.name(), partition, timestamp, key.getBytes(ISO_8859_1),
                value.getBytes(ISO_8859_1));
    }
}
