package io.firstcome.standalone.check.log;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.settings.KafkaConnection;
import io.firstcome.testkit.log.CommandRecord;
import io.firstcome.testkit.log.LoggedOutcome;

/**
 * The topics of a running system. What was read is kept and grows: a later comparison only reads the records that were
 * added.
 */
public final class LiveLog implements CommittedLog, AutoCloseable {

    private static final int REQUEST_TIMEOUT_MILLIS = 15_000;

    private final String authorityGroup;
    private final Set<CouponId> only;
    private final long room;
    private final Admin admin;
    private final TopicReader commandTopic;
    private final TopicReader outcomeTopic;
    private final TopicReader stateTopic;
    private final List<CommandRecord> commands = new ArrayList<>();
    private final List<LoggedOutcome> outcomes = new ArrayList<>();
    private final Set<CouponId> defined = new HashSet<>();

    /**
     * @param authorityGroup the consumer group of the authority, which is its application id
     * @param only the coupons to read; all when empty
     * @param room how many records may be kept in memory
     * @throws KafkaException when no broker answers or a topic does not exist
     */
    public LiveLog(KafkaConnection kafka, String authorityGroup, Set<CouponId> only, long room) {
        this.authorityGroup = authorityGroup;
        this.only = Set.copyOf(only);
        this.room = room;
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            commandTopic = opened(opened, new TopicReader(kafka, Topics.COMMANDS));
            outcomeTopic = opened(opened, new TopicReader(kafka, Topics.OUTCOMES));
            stateTopic = opened(opened, new TopicReader(kafka, Topics.STATES));
            Properties properties = kafka.client(AdminClientConfig.configNames());
            properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS);
            properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MILLIS / 2);
            admin = Admin.create(properties);
        } catch (RuntimeException e) {
            opened.forEach(LiveLog::closeQuietly);
            throw e;
        }
    }

    private static <T extends AutoCloseable> T opened(List<AutoCloseable> opened, T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception _) {
            // The failure that led here is reported.
        }
    }

    /** Whether no coupon was chosen. */
    public boolean readsAllCoupons() {
        return only.isEmpty();
    }

    /** Reads which coupons are defined. */
    public void readStates(LongConsumer progress) {
        stateTopic.readTo(stateTopic.end(), record -> {
            CouponId couponId = Topic.couponIdOf(record.key());
            if (record.value() == null) {
                defined.remove(couponId);
            } else if (isWanted(couponId)) {
                defined.add(couponId);
            }
        }, progress);
    }

    /** Reads the commands up to a cut. */
    public void readCommands(Cut cut, LongConsumer progress) {
        commandTopic.readTo(cut, record -> {
            if (only.isEmpty() || couponOf(record).filter(only::contains).isPresent()) {
                commands.add(CommandRecord.of(record, commandTopic.partitions()));
                requireRoom();
            }
        }, progress);
    }

    /**
     * Reads the outcomes up to a cut.
     *
     * @throws ContractViolation naming the position of an outcome that this version cannot read
     */
    public void readOutcomes(Cut cut, LongConsumer progress) {
        outcomeTopic.readTo(cut, record -> {
            if (only.isEmpty() || couponOf(record).filter(only::contains).isPresent()) {
                outcomes.add(outcome(record));
                requireRoom();
            }
        }, progress);
    }

    @Override
    public void readOn() {
        readOutcomes(outcomeEnd(), _ -> {});
        readCommands(commandEnd(), _ -> {});
    }

    private static LoggedOutcome outcome(ConsumerRecord<byte[], byte[]> record) {
        try {
            return new LoggedOutcome(record.partition(), record.offset(), Topics.OUTCOMES.decode(record.value()));
        } catch (ContractViolation e) {
            throw new ContractViolation(record.topic() + "-" + record.partition() + "@" + record.offset(),
                    "cannot be read by this version: " + e.getMessage());
        }
    }

    private void requireRoom() {
        if (commands.size() + outcomes.size() > room) {
            throw new LogTooLarge(room);
        }
    }

    private boolean isWanted(CouponId couponId) {
        return only.isEmpty() || only.contains(couponId);
    }

    private static Optional<CouponId> couponOf(ConsumerRecord<byte[], byte[]> record) {
        try {
            return Optional.of(Topic.couponIdOf(record.key()));
        } catch (ContractViolation _) {
            return Optional.empty();
        }
    }

    /** How many records a complete reading passes. */
    public long size() {
        return size(commandTopic) + size(outcomeTopic) + size(stateTopic);
    }

    private static long size(TopicReader topic) {
        Cut beginning = topic.beginning();
        return topic.end().offsets().entrySet().stream()
                .mapToLong(end -> end.getValue() - beginning.offsets().get(end.getKey())).sum();
    }

    /** The end of {@code coupon-commands} at this moment. */
    public Cut commandEnd() {
        return commandTopic.end();
    }

    @Override
    public Cut outcomeEnd() {
        return outcomeTopic.end();
    }

    @Override
    public History history() {
        return new History(List.copyOf(commands), List.copyOf(outcomes), Set.copyOf(defined),
                commandTopic.beginning(), outcomeTopic.beginning());
    }

    @Override
    public Cut decided() throws InterruptedException {
        Map<TopicPartition, OffsetAndMetadata> committed = get(() -> admin.listConsumerGroupOffsets(authorityGroup)
                .partitionsToOffsetAndMetadata().get());
        Map<Integer, Long> offsets = new HashMap<>();
        committed.forEach((partition, offset) -> {
            if (partition.topic().equals(Topics.COMMANDS.name()) && offset != null) {
                offsets.put(partition.partition(), offset.offset());
            }
        });
        return new Cut(offsets);
    }

    /** The id that Kafka gave to {@code coupon-outcomes} when the topic was created. */
    public String outcomesId() throws InterruptedException {
        String topic = Topics.OUTCOMES.name();
        return get(() -> admin.describeTopics(List.of(topic)).allTopicNames().get()).get(topic).topicId().toString();
    }

    @FunctionalInterface
    private interface Request<T> {
        T send() throws ExecutionException, InterruptedException;
    }

    private static <T> T get(Request<T> request) throws InterruptedException {
        try {
            return request.send();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    @Override
    public void close() {
        commandTopic.close();
        outcomeTopic.close();
        stateTopic.close();
        admin.close();
    }
}
