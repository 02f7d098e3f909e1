package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.json.NewerFormat;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topic;
import io.firstcome.kit.kafka.KafkaClients;
import io.firstcome.kit.logging.LogFields;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.service.WriterVersion;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Reads the committed records of all partitions of a topic, from a start position on and then for ever. The consumer
 * belongs to no group: every ingress reads everything. After a RuntimeException of Kafka reading continues with the
 * first record that the listener has not received. A partition ends at a record that a newer version may have written:
 * answers that ignore the record could be wrong, so the tail is not current from then on.
 */
public final class TopicTail<V extends AboutCoupon> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
    /** This much is fetched at once even when the listener allows a delay. */
    private static final int FULL_FETCH_BYTES = 65_536;

    private final Topic<V> topic;
    private final List<TopicPartition> partitions;
    private final Optional<StartTime> start;
    private final RecordListener<V> listener;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Admin admin;
    private final Counter invalidRecords;
    private final CatchUp catchUp;
    private final ServiceLoop loop;
    /** The first offset per partition that the listener has not received; null before reading begins. */
    private long[] nextOffsets;
    /** Why a partition is not read further, by partition: a newer version may have written its next record. */
    private final Map<Integer, String> stopped = new ConcurrentHashMap<>();
    private boolean positioned;

    private TopicTail(KafkaClients clients, Topic<V> topic, Optional<StartTime> start, RecordListener<V> listener,
            MeterRegistry meters, Duration catchUpLimit) {
        this.topic = topic;
        this.partitions = clients.partitionsOf(topic);
        this.start = start;
        this.listener = listener;
        this.consumer = clients.consumer(topic.name() + "-tail", fetchSettings(listener.fetchDelay()));
        this.admin = clients.admin();
        this.catchUp = new CatchUp(partitions, catchUpLimit, System::nanoTime);
        this.invalidRecords = Meters.READER_RECORDS_INVALID.register(meters, topic.name());
        this.loop = ServiceLoop.named(topic.name() + "-tail", this::step, meters)
                .retry(Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2)))
                .onFailure(_ -> positioned = false)
                .onClose(consumer::wakeup)
                .onEnd(consumer::close)
                .build();
        loop.start();
    }

    private static Map<String, ?> fetchSettings(Duration delay) {
        return delay.isZero()
                ? Map.of()
                : Map.of(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, FULL_FETCH_BYTES,
                        ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Math.toIntExact(delay.toMillis()));
    }

    /** Reads from the first record of each partition. */
    public static <V extends AboutCoupon> TopicTail<V> fromTheBeginning(KafkaClients clients, Topic<V> topic,
            RecordListener<V> listener, MeterRegistry meters) {
        return fromTheBeginning(clients, topic, listener, meters, CatchUp.LIMIT);
    }

    static <V extends AboutCoupon> TopicTail<V> fromTheBeginning(KafkaClients clients, Topic<V> topic,
            RecordListener<V> listener, MeterRegistry meters, Duration catchUpLimit) {
        return new TopicTail<>(clients, topic, Optional.empty(), listener, meters, catchUpLimit);
    }

    /** Reads from the first record of each partition that is not older than {@code start}. */
    public static <V extends AboutCoupon> TopicTail<V> from(StartTime start, KafkaClients clients, Topic<V> topic,
            RecordListener<V> listener, MeterRegistry meters) {
        return from(start, clients, topic, listener, meters, CatchUp.LIMIT);
    }

    static <V extends AboutCoupon> TopicTail<V> from(StartTime start, KafkaClients clients, Topic<V> topic,
            RecordListener<V> listener, MeterRegistry meters, Duration catchUpLimit) {
        return new TopicTail<>(clients, topic, Optional.of(start), listener, meters, catchUpLimit);
    }

    /** Whether everything has been read that was committed at some moment within the last fifteen seconds. */
    public boolean isCurrent() {
        return stopped.isEmpty() && catchUp.isCurrent();
    }

    /** Whether everything in a partition has been read that was committed within the last fifteen seconds. */
    public boolean isCurrent(int partition) {
        return !stopped.containsKey(partition) && catchUp.isCurrent(partition);
    }

    /**
     * Whether everything in a partition has been read that was committed at this moment, a value of
     * {@link System#nanoTime}. While the answer is no, Kafka is asked at once, so that a later call soon returns true.
     */
    public boolean isReadSince(int partition, long moment) {
        if (catchUp.isReadSince(partition, moment)) {
            return true;
        }
        catchUp.queryEndsUnlessAskedSince(moment, admin);
        return false;
    }

    /** Why the topic, or a part of it, has not been read up to now; empty while all of it has. */
    public Optional<String> readProblem() {
        return stopped.values().stream().findFirst().or(catchUp::problem);
    }

    /**
     * Why callers should go to another ingress: a newer version is needed to read on, some partition has never been
     * read to its end, or more than half of the partitions are not current. The coupons of a single partition that is
     * not current get 503, and all others are served.
     */
    public Optional<String> readinessProblem() {
        return stopped.values().stream().findFirst().or(catchUp::seriousProblem);
    }

    /** The name of the topic. */
    public String name() {
        return topic.name();
    }

    /** Why reading has ended for good, which only a restart of the process helps; empty while the topic is read. */
    public Optional<String> loopProblem() {
        return loop.problem();
    }

    private void step() {
        if (!positioned) {
            setPositions();
            positioned = true;
        }
        reportPositions();
        catchUp.queryEndsIfDue(admin);
        consumer.poll(POLL_TIMEOUT).forEach(this::read);
    }

    /** A failed step may leave the consumer after records that were fetched and not passed to the listener. */
    private void setPositions() {
        if (nextOffsets == null) {
            nextOffsets = startPositions();
        } else {
            partitions.forEach(partition -> consumer.seek(partition, nextOffsets[partition.partition()]));
        }
    }

    private long[] startPositions() {
        consumer.assign(partitions);
        long askedNanos = catchUp.queryStarted();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        ends.forEach((partition, end) -> catchUp.queryAnswered(partition.partition(), end, askedNanos));
        start.ifPresentOrElse(time -> seek(time, ends), () -> consumer.seekToBeginning(partitions));
        long[] starts = partitions.stream().mapToLong(consumer::position).toArray();
        partitions.forEach(partition -> listener.startsAt(partition.partition(), starts[partition.partition()]));
        start.ifPresent(time -> reportLeftOut(time.millisByPartition(admin), starts));
        return starts;
    }

    private void seek(StartTime time, Map<TopicPartition, Long> ends) {
        IntToLongFunction since = time.millisByPartition(admin);
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(ends.keySet().stream()
                .collect(Collectors.toMap(partition -> partition,
                        partition -> since.applyAsLong(partition.partition()))));
        ends.forEach((partition, end) -> {
            OffsetAndTimestamp first = starts.get(partition);
            consumer.seek(partition, first == null ? end : first.offset());
        });
    }

    /** The first record from the start time on is the first that is read, so all records before it are older. */
    private void reportLeftOut(IntToLongFunction since, long[] starts) {
        consumer.beginningOffsets(partitions).forEach((id, beginning) -> {
            int partition = id.partition();
            if (starts[partition] > beginning) {
                listener.leavesOut(partition, Instant.ofEpochMilli(since.applyAsLong(partition)));
            }
        });
    }

    /** Reports the consumer's positions: after the end of a transaction they are ahead of the last record's offset. */
    private void reportPositions() {
        for (TopicPartition partition : partitions) {
            if (stopped.containsKey(partition.partition())) {
                continue;
            }
            position(partition).ifPresent(it -> catchUp.readTo(partition.partition(), it));
        }
    }

    /** Empty while Kafka validates the position after a change of leaders. The next step asks again. */
    private OptionalLong position(TopicPartition partition) {
        try {
            return OptionalLong.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException e) {
            LOG.debug("the position in {} is unknown", partition, e);
            return OptionalLong.empty();
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        if (stopped.containsKey(record.partition())) {
            return;
        }
        try {
            if (listener.wants(record.partition(), record.offset())) {
                listener.read(new ConsumedRecord<>(topic.decode(record.value()), record.partition(), record.offset(),
                        Instant.ofEpochMilli(record.timestamp())));
            }
        } catch (NewerFormat e) {
            var at = new RecordPosition(record.topic(), record.partition(), record.offset());
            String why = WriterVersion.problem(e, at, record.headers());
            LogFields.ofRecord(LOG.atError(), record.value(), record.headers()).log("STOPPED: {}", why);
            stopped.put(record.partition(), why);
            consumer.pause(List.of(new TopicPartition(record.topic(), record.partition())));
            return;
        } catch (RuntimeException e) {
            invalidRecords.increment();
            LogFields.ofRecord(LOG.atError(), record.value(), record.headers()).setCause(e)
                    .log("{}-{}@{} is skipped", record.topic(), record.partition(), record.offset());
        }
        nextOffsets[record.partition()] = record.offset() + 1;
    }

    @Override
    public void close() {
        loop.close();
    }
}
