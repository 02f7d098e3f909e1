package io.firstcome.testkit.log;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.TopicSpec;
import io.firstcome.contract.topic.Topics;

/** Reads commands, outcomes and states from the first record to the current end. Reads committed records only. */
public final class LogReader {

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

    private final Map<String, String> connection;

    /** @param bootstrapServers comma-separated list of {@code host:port} */
    public LogReader(String bootstrapServers) {
        this(Map.of(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers));
    }

    /** @param connection how to connect, by the names of Kafka's consumers */
    public LogReader(Map<String, String> connection) {
        this.connection = Map.copyOf(connection);
    }

    /**
     * Reads all records.
     *
     * @param timeout how long reading may take
     * @throws TimeoutException when the end of a topic was not reached in time
     * @throws io.firstcome.contract.json.ContractViolation when an outcome or a state is invalid
     */
    public CouponLog read(Duration timeout) {
        return read(record -> true, timeout);
    }

    /** Reads the records with the key of one coupon; otherwise the same as {@link #read(Duration)}. */
    public CouponLog read(CouponId only, Duration timeout) {
        return read(isAbout(only), timeout);
    }

    /**
     * Reads all records repeatedly until the log is {@linkplain CouponLog#isSettled() settled}.
     *
     * @param timeout how long to wait for a settled log; also the limit for each single read
     * @return the settled log, or the last one read when the timeout expired: the guarantees report what is missing
     * @throws TimeoutException when the end of a topic was not reached in time
     */
    public CouponLog readSettled(Duration timeout) throws InterruptedException {
        return readSettled(record -> true, timeout);
    }

    /** Reads the records with the key of one coupon; otherwise the same as {@link #readSettled(Duration)}. */
    public CouponLog readSettled(CouponId only, Duration timeout) throws InterruptedException {
        return readSettled(isAbout(only), timeout);
    }

    private CouponLog readSettled(Predicate<ConsumerRecord<byte[], byte[]>> filter, Duration timeout)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(timeout);
        CouponLog log = read(filter, timeout);
        while (!log.isSettled() && Instant.now().isBefore(deadline)) {
            Thread.sleep(RETRY_INTERVAL);
            log = read(filter, timeout);
        }
        return log;
    }

    private static Predicate<ConsumerRecord<byte[], byte[]>> isAbout(CouponId coupon) {
        byte[] key = Topic.key(coupon);
        return record -> Arrays.equals(key, record.key());
    }

    private CouponLog read(Predicate<ConsumerRecord<byte[], byte[]>> filter, Duration timeout) {
        Instant deadline = Instant.now().plus(timeout);
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings())) {
            var commands = commands(consumer, filter, deadline);
            var outcomes = records(consumer, Topics.OUTCOMES, filter, deadline).stream().map(LogReader::outcome)
                    .toList();
            var states = latest(records(consumer, Topics.STATES, filter, deadline));
            return new CouponLog(commands, outcomes, Optional.of(states));
        }
    }

    private static List<CommandRecord> commands(Consumer<byte[], byte[]> consumer,
            Predicate<ConsumerRecord<byte[], byte[]>> filter, Instant deadline) {
        var received = records(consumer, Topics.COMMANDS, filter, deadline);
        int partitions = consumer.assignment().size();
        return received.stream().map(record -> CommandRecord.of(record, partitions)).toList();
    }

    private static LoggedOutcome outcome(ConsumerRecord<byte[], byte[]> received) {
        return new LoggedOutcome(received.partition(), received.offset(), Topics.OUTCOMES.decode(received.value()));
    }

    private static Map<CouponId, CouponState> latest(List<ConsumerRecord<byte[], byte[]>> received) {
        Map<CouponId, CouponState> latest = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : received) {
            CouponId couponId = Topic.couponIdOf(record.key());
            if (record.value() == null) {
                latest.remove(couponId);
            } else {
                latest.put(couponId, Topics.STATES.decode(record.value()));
            }
        }
        return latest;
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(Consumer<byte[], byte[]> consumer, TopicSpec topic,
            Predicate<ConsumerRecord<byte[], byte[]>> filter, Instant deadline) {
        Map<TopicPartition, Long> ends = startReading(consumer, topic, deadline);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (!reached(consumer, ends, deadline)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT)) {
                if (record.offset() < ends.get(partitionOf(record)) && filter.test(record)) {
                    records.add(record);
                }
            }
        }
        return records;
    }

    private static Map<TopicPartition, Long> startReading(Consumer<byte[], byte[]> consumer, TopicSpec topic,
            Instant deadline) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.name(), timeLeft(topic.name(), deadline))
                .stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        // With read_committed, endOffsets returns the last stable offset: later records are not committed yet.
        return consumer.endOffsets(partitions, timeLeft(topic.name(), deadline));
    }

    private static boolean reached(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends,
            Instant deadline) {
        return ends.entrySet()
                .stream()
                .allMatch(end -> consumer.position(end.getKey(), timeLeft(end.getKey().toString(), deadline)) >= end
                        .getValue());
    }

    private static Duration timeLeft(String what, Instant deadline) {
        Duration left = Duration.between(Instant.now(), deadline);
        if (!left.isPositive()) {
            throw new TimeoutException("the end of " + what + " was not reached in time");
        }
        return left;
    }

    private static TopicPartition partitionOf(ConsumerRecord<byte[], byte[]> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private Map<String, Object> settings() {
        Map<String, Object> settings = new HashMap<>(connection);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // With Kafka's default of 500 ms, the fetch at the end of each topic would wait that long.
        settings.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10);
        settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return settings;
    }
}
