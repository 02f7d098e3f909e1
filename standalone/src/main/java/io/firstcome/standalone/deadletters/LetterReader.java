package io.firstcome.standalone.deadletters;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.KafkaConnection;

/** Reads committed records of any topic, and letters with their marks. */
final class LetterReader implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(200);

    private final KafkaConnection kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    /** Sees the ends of open transactions too. */
    private final KafkaConsumer<byte[], byte[]> uncommitted;

    LetterReader(KafkaConnection kafka) {
        this.kafka = kafka;
        this.consumer = consumer(kafka, "read_committed");
        this.uncommitted = consumer(kafka, "read_uncommitted");
    }

    private static KafkaConsumer<byte[], byte[]> consumer(KafkaConnection kafka, String isolation) {
        Properties properties = kafka.client(ConsumerConfig.configNames());
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "firstcome-dlq-" + isolation);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
        // The last fetch of a topic finds nothing and would wait for the default of 500 ms.
        properties.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** All letters of the topics that have not expired, by topic, partition and offset. */
    List<Letter> letters(Collection<DeadLetterTopic> topics) {
        List<Letter> letters = new ArrayList<>();
        for (DeadLetterTopic topic : topics) {
            Map<RecordPosition, Mark> marks = new HashMap<>();
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            forEach(topic.name(), record -> {
                Optional<Mark> mark = mark(record);
                if (mark.isPresent()) {
                    Letter.header(record, DeadLetterTopic.LETTER).flatMap(RecordPosition::parse)
                            .ifPresent(letter -> marks.put(letter, mark.get()));
                } else {
                    records.add(record);
                }
            });
            records.stream().map(record -> {
                var id = new LetterId(topic, record.partition(), record.offset());
                return new Letter(id, record, Optional.ofNullable(marks.get(id.position())));
            }).forEach(letters::add);
        }
        return letters;
    }

    /** Empty when the record is no mark. */
    private static Optional<Mark> mark(ConsumerRecord<byte[], byte[]> record) {
        return Letter.header(record, DeadLetterTopic.MARK)
                .map(kind -> new Mark(Mark.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                        Instant.ofEpochMilli(record.timestamp()),
                        Letter.header(record, DeadLetterTopic.BY).orElse("unknown"),
                        Letter.header(record, DeadLetterTopic.NOTE).orElse("")));
    }

    /**
     * Reads to the end of all records, and waits for open transactions: behind the first record of one there may be a
     * committed mark.
     */
    private void forEach(String topic, Consumer<ConsumerRecord<byte[], byte[]>> action) {
        Map<TopicPartition, Long> ends = answer(() -> {
            consumer.assign(partitions(topic));
            consumer.seekToBeginning(consumer.assignment());
            // Kafka's client warns of ends of partitions that it is not assigned to.
            uncommitted.assign(consumer.assignment());
            return uncommitted.endOffsets(consumer.assignment());
        });
        for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
            consumer.assign(List.of(end.getKey()));
            consumer.seekToBeginning(consumer.assignment());
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            long position = answer(() -> consumer.position(end.getKey()));
            while (position < end.getValue()) {
                consumer.poll(POLL_TIMEOUT).forEach(action);
                long next = consumer.position(end.getKey());
                deadline = next > position ? System.nanoTime() + TIMEOUT.toNanos() : deadline;
                position = next;
                if (System.nanoTime() > deadline) {
                    throw noAnswer("no record of " + end.getKey() + " comes; a transaction may be open");
                }
            }
        }
    }

    /** The number of partitions of a topic. */
    int partitionCount(String topic) {
        return answer(() -> partitions(topic)).size();
    }

    private List<TopicPartition> partitions(String topic) {
        List<PartitionInfo> partitions = consumer.partitionsFor(topic);
        if (partitions == null || partitions.isEmpty()) {
            throw new StartFailure("Kafka at " + kafka.bootstrap() + " has no topic " + topic
                    + "; the services create it, so start them once, or correct --kafka");
        }
        return partitions.stream().map(it -> new TopicPartition(it.topic(), it.partition())).toList();
    }

    /** The state of one record of a log. */
    sealed interface Lookup {

        /** The record. */
        record Found(ConsumerRecord<byte[], byte[]> record) implements Lookup {}

        /** The topic began after the record, which has expired. */
        record Expired() implements Lookup {}

        /** There is no committed record with this offset. */
        record Missing() implements Lookup {}
    }

    /** Reads one record. */
    Lookup lookUp(RecordPosition position) {
        var partition = new TopicPartition(position.topic(), position.partition());
        if (position.partition() >= partitionCount(position.topic())) {
            return new Lookup.Missing();
        }
        return answer(() -> {
            consumer.assign(List.of(partition));
            if (position.offset() < consumer.beginningOffsets(List.of(partition)).get(partition)) {
                return new Lookup.Expired();
            }
            consumer.seek(partition, position.offset());
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < Math.min(end, position.offset() + 1)
                    && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                    return record.offset() == position.offset() ? new Lookup.Found(record) : new Lookup.Missing();
                }
            }
            return new Lookup.Missing();
        });
    }

    private <T> T answer(Supplier<T> question) {
        try {
            return question.get();
        } catch (TimeoutException e) {
            throw noAnswer(e.getMessage());
        } catch (OffsetOutOfRangeException e) {
            throw noAnswer("records expire while they are read: " + e.getMessage());
        }
    }

    private StartFailure noAnswer(String why) {
        return new StartFailure("Kafka at " + kafka.bootstrap() + " does not answer (" + why
                + "); start it, or name another cluster with --kafka");
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO));
        uncommitted.close(CloseOptions.timeout(Duration.ZERO));
    }
}
