package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.Topic;
import io.firstcome.kit.kafka.KafkaClients;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Reads every partition of a topic, committed records only, from some time on and then for ever. It belongs to no group:
 * every ingress sees everything. A failure is logged, and reading goes on where it was, with the record that was being
 * read if it was an error of the machine.
 */
public final class TopicTail<V extends AboutCoupon> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Topic<V> topic;
    private final List<TopicPartition> partitions;
    private final Optional<Duration> howFarBack;
    private final RecordListener<V> reader;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Counter unreadable;
    private final CatchUpMonitor freshness;
    private final EndOffsetPoller looks;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    /** By partition, the first offset that the reader has not read; null before reading begins. The thread's own. */
    private long[] next;

    private TopicTail(KafkaClients clients, Topic<V> topic, Optional<Duration> howFarBack, RecordListener<V> reader,
            MeterRegistry meters) {
        this.topic = topic;
        this.partitions = clients.partitionsOf(topic);
        this.howFarBack = howFarBack;
        this.reader = reader;
        this.consumer = clients.consumer(topic.name() + "-tail", Map.of());
        this.freshness = new CatchUpMonitor(partitions.size(), System::nanoTime);
        this.looks = new EndOffsetPoller(clients.admin(), partitions, freshness);
        this.unreadable = meters.counter("firstcome.reader.records.invalid", "topic", topic.name());
        this.thread = Thread.ofPlatform().name(topic.name() + "-tail").start(this::run);
    }

    /** Reads from the first record on. */
    public static <V extends AboutCoupon> TopicTail<V> fromTheBeginning(KafkaClients clients, Topic<V> topic,
            RecordListener<V> reader, MeterRegistry meters) {
        return new TopicTail<>(clients, topic, Optional.empty(), reader, meters);
    }

    /** Reads from the records of {@code howFarBack} ago on. */
    public static <V extends AboutCoupon> TopicTail<V> from(Duration howFarBack, KafkaClients clients, Topic<V> topic,
            RecordListener<V> reader, MeterRegistry meters) {
        return new TopicTail<>(clients, topic, Optional.of(howFarBack), reader, meters);
    }

    /** Whether everything has been read that had been committed at some moment within the last fifteen seconds. */
    public boolean isCurrent() {
        return freshness.isCurrent();
    }

    /** What keeps it from being current. */
    public Optional<String> problem() {
        return freshness.problem();
    }

    /** Whether it goes on reading, now or as soon as it can. */
    public boolean isAlive() {
        return thread.isAlive();
    }

    private void run() {
        try (consumer) {
            while (stopped.getCount() > 0) {
                readUntilTrouble();
            }
        }
    }

    /** Whatever befalls it, an error of the machine too, reading goes on: nobody else would read. */
    private void readUntilTrouble() {
        try {
            takeUp();
            while (stopped.getCount() > 0) {
                tellPositions();
                looks.lookIfDue();
                consumer.poll(POLL).forEach(this::read);
            }
        } catch (WakeupException e) {
            LOG.debug("told to stop reading {}", topic.name());
        } catch (Throwable e) {
            LOG.warn("reading {} goes on in {}", topic.name(), PAUSE, e);
            pause();
        }
    }

    /** After trouble the consumer may stand behind records that came with a poll and have not been read. */
    private void takeUp() {
        if (next == null) {
            next = begin();
        } else {
            partitions.forEach(partition -> consumer.seek(partition, next[partition.partition()]));
        }
    }

    private long[] begin() {
        consumer.assign(partitions);
        long asked = freshness.asked();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        ends.forEach((partition, end) -> freshness.answered(partition.partition(), end, asked));
        howFarBack.ifPresentOrElse(back -> seekBack(back, ends), () -> consumer.seekToBeginning(partitions));
        long[] starts = partitions.stream().mapToLong(consumer::position).toArray();
        partitions.forEach(partition -> reader.startsAt(partition.partition(), starts[partition.partition()]));
        return starts;
    }

    private void tellPositions() {
        partitions.stream().filter(partition -> freshness.awaits(partition.partition())).forEach(
                partition -> position(partition).ifPresent(it -> freshness.reached(partition.partition(), it)));
    }

    /** Unknown while a new leader has not said yet whether its log still goes so far. That is not waited for. */
    private OptionalLong position(TopicPartition partition) {
        try {
            return OptionalLong.of(consumer.position(partition, Duration.ZERO));
        } catch (TimeoutException e) {
            LOG.debug("the position in {} is not known", partition, e);
            return OptionalLong.empty();
        }
    }

    private void seekBack(Duration back, Map<TopicPartition, Long> ends) {
        long since = Instant.now().minus(back).toEpochMilli();
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                ends.keySet().stream().collect(Collectors.toMap(partition -> partition, partition -> since)));
        ends.forEach((partition, end) -> {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? end : start.offset());
        });
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            reader.read(new ConsumedRecord<>(topic.decode(record.value()), record.partition(), record.offset(),
                    Instant.ofEpochMilli(record.timestamp())));
        } catch (RuntimeException e) {
            unreadable.increment();
            LOG.error("{}-{}@{} cannot be used and is passed over", record.topic(), record.partition(),
                    record.offset(), e);
        }
        next[record.partition()] = record.offset() + 1;
    }

    private void pause() {
        try {
            stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        consumer.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
