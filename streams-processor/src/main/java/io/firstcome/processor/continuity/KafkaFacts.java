package io.firstcome.processor.continuity;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.errors.StreamsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.contract.topic.Topics;
import io.firstcome.kit.kafka.TopicLookup;
import io.firstcome.kit.settings.KafkaSettings;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Asks Kafka. {@code coupon-states} is followed in the background. {@code coupon-outcomes} is followed only while an
 * operator accepts the loss of coupons.
 */
public final class KafkaFacts implements PartitionFacts, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaFacts.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);

    private final KafkaSettings settings;
    private final String group;
    private final Admin admin;
    private final States states = new States();
    private final Sequences sequences;
    private final TopicFollower statesFollower;
    private final Optional<TopicFollower> outcomesFollower;

    /**
     * Begins to read.
     *
     * @param settings the address of the brokers
     * @param group the authority's group
     * @param accepted what an operator declares lost
     */
    public KafkaFacts(KafkaSettings settings, String group, AcceptedLoss accepted, MeterRegistry meters) {
        this.settings = settings;
        this.group = group;
        this.admin = Admin.create(settings.client(AdminClientConfig.configNames()));
        this.sequences = new Sequences(accepted.coupons());
        this.statesFollower = follower(Topics.STATES.name(), states, meters);
        this.outcomesFollower = accepted.coupons().isEmpty()
                ? Optional.empty()
                : Optional.of(follower(Topics.OUTCOMES.name(), sequences, meters));
        statesFollower.start();
        outcomesFollower.ifPresent(TopicFollower::start);
    }

    private TopicFollower follower(String topic, TopicFollower.Content content, MeterRegistry meters) {
        return new TopicFollower(topic, settings.partitions(), this::consumer, () -> topicId(topic), content, TIMEOUT,
                meters);
    }

    /**
     * Waits until everything that is committed now has been read. Tasks that start later then wait only for what was
     * appended since.
     *
     * @throws StreamsException when Kafka does not answer, or no record arrives for a minute
     */
    public void awaitRead() {
        awaitRead(statesFollower, Topics.STATES.name());
        outcomesFollower.ifPresent(follower -> awaitRead(follower, Topics.OUTCOMES.name()));
    }

    private void awaitRead(TopicFollower follower, String topic) {
        String id = topicId(topic);
        Map<TopicPartition, OffsetSpec> latest = follower.partitions().stream()
                .collect(Collectors.toMap(partition -> partition, _ -> OffsetSpec.latest()));
        answer(() -> TopicLookup.retry(
                () -> admin.listOffsets(latest, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)).all()))
                .forEach((partition, end) -> follower.await(id, partition.partition(), end.offset(), () -> id));
    }

    /** Why a topic is not followed any more; empty while all are. For liveness. */
    public Optional<String> problem() {
        return statesFollower.problem().or(() -> outcomesFollower.flatMap(TopicFollower::problem));
    }

    @Override
    public String commandsTopicId() {
        return topicId(Topics.COMMANDS.name());
    }

    private String topicId(String topic) {
        return answer(() -> TopicLookup.describe(admin, List.of(topic))).get(topic).topicId().toString();
    }

    @Override
    public long firstCommand(int partition) {
        return offset(new TopicPartition(Topics.COMMANDS.name(), partition), OffsetSpec.earliest());
    }

    @Override
    public long endOfCommands(int partition) {
        return offset(new TopicPartition(Topics.COMMANDS.name(), partition), OffsetSpec.latest());
    }

    @Override
    public OptionalLong groupOffset(int partition) {
        return groupOffset(partition, groupOffsets());
    }

    /**
     * How many commands are in the log behind the committed offsets of the authority's group. A partition that was
     * added has no commands of this system, and is not counted.
     */
    public long undecided() {
        Map<TopicPartition, OffsetAndMetadata> committed = groupOffsets();
        long undecided = 0;
        for (int partition = 0; partition < settings.partitions(); partition++) {
            OptionalLong offset = groupOffset(partition, committed);
            undecided += endOfCommands(partition) - (offset.isPresent() ? offset.getAsLong() : firstCommand(partition));
        }
        return undecided;
    }

    private Map<TopicPartition, OffsetAndMetadata> groupOffsets() {
        return answer(() -> admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata()
                .get(TIMEOUT.toSeconds(), TimeUnit.SECONDS));
    }

    /** Kafka answers with null for a partition without an offset. */
    private static OptionalLong groupOffset(int partition, Map<TopicPartition, OffsetAndMetadata> committed) {
        OffsetAndMetadata offset = committed.get(new TopicPartition(Topics.COMMANDS.name(), partition));
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset.offset());
    }

    /**
     * As {@link #undecided}, for display: empty when Kafka does not answer in time. Asks two questions, however many
     * partitions there are.
     */
    public OptionalLong undecidedWithin(Duration timeout) {
        List<TopicPartition> commands = IntStream.range(0, settings.partitions())
                .mapToObj(partition -> new TopicPartition(Topics.COMMANDS.name(), partition)).toList();
        var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().toCompletionStage();
        // After the offsets: commands that are decided meanwhile must not lie behind the ends.
        var ends = committed.thenCompose(
                _ -> admin.listOffsets(all(commands, OffsetSpec.latest())).all().toCompletionStage());
        var beginnings = admin.listOffsets(all(commands, OffsetSpec.earliest())).all().toCompletionStage();
        try {
            return OptionalLong.of(committed
                    .thenCombine(beginnings, (offsets, first) -> positions(commands, offsets, first))
                    .thenCombine(ends, (positions, last) -> commands.stream()
                            .mapToLong(it -> Math.max(0, last.get(it).offset() - positions.get(it))).sum())
                    .toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalLong.empty();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Kafka does not tell how many commands are undecided", e);
            return OptionalLong.empty();
        }
    }

    private static Map<TopicPartition, OffsetSpec> all(List<TopicPartition> partitions, OffsetSpec spec) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec));
    }

    /** By partition the committed offset, or the first one while none has been committed. */
    private static Map<TopicPartition, Long> positions(List<TopicPartition> partitions,
            Map<TopicPartition, OffsetAndMetadata> committed, Map<TopicPartition, ListOffsetsResultInfo> first) {
        return partitions.stream().collect(Collectors.toMap(partition -> partition, partition -> {
            OffsetAndMetadata offset = committed.get(partition);
            return offset == null ? first.get(partition).offset() : offset.offset();
        }));
    }

    private long offset(TopicPartition partition, OffsetSpec spec) {
        return answer(() -> TopicLookup.retry(() -> admin.listOffsets(Map.of(partition, spec)).all())).get(partition)
                .offset();
    }

    @Override
    public OptionalLong commandBetween(int partition, long from, long to) {
        var commands = new TopicPartition(Topics.COMMANDS.name(), partition);
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            consumer.assign(List.of(commands));
            consumer.seek(commands, from);
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            while (consumer.position(commands) < to) {
                if (System.nanoTime() - deadline > 0) {
                    throw new StreamsException(commands + " cannot be read within " + TIMEOUT.toSeconds() + " s");
                }
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_TIMEOUT).records(commands)) {
                    return record.offset() < to ? OptionalLong.of(record.offset()) : OptionalLong.empty();
                }
            }
            return OptionalLong.empty();
        }
    }

    /**
     * The end is that of all records, and the follower reads committed ones. So this waits for the transaction of a
     * dead instance as the restoration of the stores does: it may still be committed.
     */
    @Override
    public Collection<PublishedState> publishedStates(int partition) {
        String id = topicId(Topics.STATES.name());
        long end = offset(new TopicPartition(Topics.STATES.name(), partition), OffsetSpec.latest());
        return statesFollower.await(id, partition, end, () -> states.of(partition));
    }

    @Override
    public long lastSequence(int partition, CouponId couponId) {
        TopicFollower follower = outcomesFollower
                .orElseThrow(() -> new IllegalStateException("outcomes are read only for accepted coupons"));
        String id = topicId(Topics.OUTCOMES.name());
        long end = offset(new TopicPartition(Topics.OUTCOMES.name(), partition), OffsetSpec.latest());
        return follower.await(id, partition, end, () -> sequences.last(couponId));
    }

    private Consumer<byte[], byte[]> consumer() {
        Properties properties = settings.client(ConsumerConfig.configNames());
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void close() {
        statesFollower.close();
        outcomesFollower.ifPresent(TopicFollower::close);
        admin.close(Duration.ZERO);
    }

    private static <T> T answer(Callable<T> question) {
        try {
            return question.call();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StreamsException("interrupted while Kafka was asked about the topics", e);
        } catch (Exception e) {
            throw new StreamsException("Kafka does not answer a question about the topics", e);
        }
    }

    private static <V extends AboutCoupon> V decoded(Topic<V> topic, ConsumerRecord<byte[], byte[]> record) {
        try {
            return topic.decode(record.value());
        } catch (NewerFormat e) {
            throw NewerData.record(e, new RecordPosition(record.topic(), record.partition(), record.offset()),
                    record.headers());
        }
    }

    /** The latest state of each coupon, by partition. */
    private static final class States implements TopicFollower.Content {

        private final Map<Integer, Map<CouponId, PublishedState>> latest = new HashMap<>();

        @Override
        public void clear() {
            latest.clear();
        }

        @Override
        public void add(ConsumerRecord<byte[], byte[]> record) {
            CouponId couponId = Topic.couponIdOf(record.key());
            var states = latest.computeIfAbsent(record.partition(), _ -> new LinkedHashMap<>());
            if (record.value() == null) {
                states.remove(couponId);
            } else {
                states.put(couponId, new PublishedState(decoded(Topics.STATES, record),
                        Instant.ofEpochMilli(record.timestamp())));
            }
        }

        Collection<PublishedState> of(int partition) {
            return List.copyOf(latest.getOrDefault(partition, Map.of()).values());
        }
    }

    /** The greatest sequence of each accepted coupon. */
    private static final class Sequences implements TopicFollower.Content {

        private final Set<CouponId> accepted;
        private final Map<CouponId, Long> greatest = new HashMap<>();

        Sequences(Set<CouponId> accepted) {
            this.accepted = accepted;
        }

        @Override
        public void clear() {
            greatest.clear();
        }

        @Override
        public void add(ConsumerRecord<byte[], byte[]> record) {
            if (accepted.contains(Topic.couponIdOf(record.key()))
                    && decoded(Topics.OUTCOMES, record) instanceof CouponIssued issued) {
                greatest.merge(issued.couponId(), issued.sequence(), Math::max);
            }
        }

        long last(CouponId couponId) {
            return greatest.getOrDefault(couponId, 0L);
        }
    }
}
