package io.firstcome.testkit.evidence;

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

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.Topic;
import io.firstcome.contract.TopicSpec;
import io.firstcome.contract.Topics;

/** Reads the three topics from their first record to where they ended when it was asked, committed records only. */
public final class LogReader {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final String bootstrapServers;

    /** @param bootstrapServers {@code host:port} of one broker or several, separated by commas */
    public LogReader(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Reads everything.
     *
     * @param timeout the most that this may take
     * @throws TimeoutException when the ends were not reached in time
     * @throws io.firstcome.contract.ContractViolation when an outcome or a state cannot be read
     */
    public CouponLog read(Duration timeout) {
        return read(record -> true, timeout);
    }

    /** Reads what stands under the key of one coupon; the rest as {@link #read(Duration)}. */
    public CouponLog read(CouponId only, Duration timeout) {
        return read(isAbout(only), timeout);
    }

    /**
     * Reads everything, again and again until it is {@linkplain CouponLog#isSettled() settled}.
     *
     * @param patience how long to wait for that, and how long one reading may take
     * @return what stood there then, or when the patience was at its end: guarantees tell what was still missing
     * @throws TimeoutException as {@link #read(Duration)}
     */
    public CouponLog readSettled(Duration patience) throws InterruptedException {
        return settled(record -> true, patience);
    }

    /** Reads what stands under the key of one coupon; the rest as {@link #readSettled(Duration)}. */
    public CouponLog readSettled(CouponId only, Duration patience) throws InterruptedException {
        return settled(isAbout(only), patience);
    }

    private CouponLog settled(Predicate<ConsumerRecord<byte[], byte[]>> wanted, Duration patience)
            throws InterruptedException {
        Instant deadline = Instant.now().plus(patience);
        CouponLog log = read(wanted, patience);
        while (!log.isSettled() && Instant.now().isBefore(deadline)) {
            Thread.sleep(BETWEEN_LOOKS);
            log = read(wanted, patience);
        }
        return log;
    }

    private static Predicate<ConsumerRecord<byte[], byte[]>> isAbout(CouponId coupon) {
        byte[] key = Topic.key(coupon);
        return record -> Arrays.equals(key, record.key());
    }

    private CouponLog read(Predicate<ConsumerRecord<byte[], byte[]>> wanted, Duration timeout) {
        Instant deadline = Instant.now().plus(timeout);
        try (var consumer = new KafkaConsumer<byte[], byte[]>(settings())) {
            var commands = commands(consumer, wanted, deadline);
            var outcomes = records(consumer, Topics.OUTCOMES, wanted, deadline).stream().map(LogReader::outcome)
                    .toList();
            var states = latest(records(consumer, Topics.STATES, wanted, deadline));
            return new CouponLog(commands, outcomes, Optional.of(states));
        }
    }

    private static List<CommandRecord> commands(Consumer<byte[], byte[]> consumer,
            Predicate<ConsumerRecord<byte[], byte[]>> wanted, Instant deadline) {
        var received = records(consumer, Topics.COMMANDS, wanted, deadline);
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
            Predicate<ConsumerRecord<byte[], byte[]>> wanted, Instant deadline) {
        Map<TopicPartition, Long> ends = startReading(consumer, topic, deadline);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        while (!reached(consumer, ends, deadline)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < ends.get(partitionOf(record)) && wanted.test(record)) {
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
        // Under read_committed the end is the last stable offset: what lies behind it is not committed yet.
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
        return Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false,
                // At the end of one topic the broker would hold the answer back, and the next topic with it.
                ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 10,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    }
}
