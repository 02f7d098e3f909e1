package io.firstcome.processor.continuity;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.errors.StreamsException;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.settings.KafkaSettings;

/** Asks Kafka. Each reading of a topic creates a consumer, because tasks start rarely. */
public final class KafkaFacts implements PartitionFacts, AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final KafkaSettings settings;
    private final Admin admin;

    /** @param settings the address of the brokers */
    public KafkaFacts(KafkaSettings settings) {
        this.settings = settings;
        this.admin = Admin.create(settings.client());
    }

    @Override
    public String commandsTopicId() {
        String topic = Topics.COMMANDS.name();
        return answer(admin.describeTopics(List.of(topic)).allTopicNames()).get(topic).topicId().toString();
    }

    @Override
    public long firstCommand(int partition) {
        return offset(new TopicPartition(Topics.COMMANDS.name(), partition), OffsetSpec.earliest());
    }

    @Override
    public long endOfCommands(int partition) {
        return offset(new TopicPartition(Topics.COMMANDS.name(), partition), OffsetSpec.latest());
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return answer(admin.listOffsets(Map.of(partition, spec)).all()).get(partition).offset();
    }

    @Override
    public OptionalLong commandBetween(int partition, long from, long to) {
        var commands = new TopicPartition(Topics.COMMANDS.name(), partition);
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(commands)) {
            consumer.seek(commands, from);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (consumer.position(commands) < to) {
                for (ConsumerRecord<byte[], byte[]> record : poll(consumer, commands, deadline)) {
                    return record.offset() < to ? OptionalLong.of(record.offset()) : OptionalLong.empty();
                }
            }
            return OptionalLong.empty();
        }
    }

    /**
     * The end is that of all records, and the consumer reads committed ones. So this waits for the transaction of a
     * dead instance as the restoration of the stores does: it may still be committed.
     */
    @Override
    public Collection<PublishedState> publishedStates(int partition) {
        var states = new TopicPartition(Topics.STATES.name(), partition);
        long end = offset(states, OffsetSpec.latest());
        Map<CouponId, PublishedState> latest = new LinkedHashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(states)) {
            consumer.seekToBeginning(List.of(states));
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            for (long before = -1; consumer.position(states) < end; before = consumer.position(states)) {
                // A large partition may take long; only a standstill is a failure.
                deadline = consumer.position(states) > before ? System.nanoTime() + TIMEOUT.toNanos() : deadline;
                for (ConsumerRecord<byte[], byte[]> record : poll(consumer, states, deadline)) {
                    CouponId couponId = Topic.couponIdOf(record.key());
                    if (record.value() == null) {
                        latest.remove(couponId);
                    } else {
                        latest.put(couponId, new PublishedState(state(record),
                                Instant.ofEpochMilli(record.timestamp())));
                    }
                }
            }
        }
        return latest.values();
    }

    private static CouponState state(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Topics.STATES.decode(record.value());
        } catch (NewerFormat e) {
            throw new NewerRecord(e, record.topic(), record.partition(), record.offset());
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(TopicPartition partition) {
        Properties properties = settings.client();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        var consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        consumer.assign(List.of(partition));
        return consumer;
    }

    private static List<ConsumerRecord<byte[], byte[]>> poll(KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition, long deadline) {
        if (System.nanoTime() - deadline > 0) {
            throw new StreamsException(partition + " cannot be read to its end within " + TIMEOUT.toSeconds()
                    + " s; a transaction may be open");
        }
        return consumer.poll(POLL_TIMEOUT).records(partition);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }

    private static <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StreamsException("Kafka does not answer a question about the topics", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamsException("interrupted while Kafka was asked about the topics", e);
        }
    }
}
