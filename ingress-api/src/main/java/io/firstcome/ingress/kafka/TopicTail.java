package io.firstcome.ingress.kafka;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.AboutCoupon;
import io.firstcome.contract.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Reads every partition of a topic, committed records only, from some time on and then for ever. It belongs to no group:
 * every ingress sees everything. A failure is logged, and reading goes on where it was.
 */
public final class TopicTail<V extends AboutCoupon> implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicTail.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    /** A broker answers twice a second, if only that there is nothing. A poll that brings nothing does not tell. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private final Topic<V> topic;
    private final List<TopicPartition> partitions;
    private final Optional<Duration> howFarBack;
    private final TopicReader<V> reader;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Counter unreadable;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread;
    /** Where the partitions ended when reading began; null before. The thread's own. */
    private Map<TopicPartition, Long> ends;
    private volatile boolean caughtUp;
    private final Metric fetches;
    private Object fetched;
    private volatile long heardNanos = System.nanoTime();

    private TopicTail(KafkaClients clients, Topic<V> topic, Optional<Duration> howFarBack, TopicReader<V> reader,
            MeterRegistry meters) {
        this.topic = topic;
        this.partitions = clients.partitionsOf(topic);
        this.howFarBack = howFarBack;
        this.reader = reader;
        this.consumer = clients.consumer(topic.name() + "-tail", Map.of());
        this.fetches = fetches(consumer);
        this.unreadable = meters.counter("firstcome.tail.unreadable", "topic", topic.name());
        this.thread = Thread.ofPlatform().name(topic.name() + "-tail").start(this::run);
    }

    /** Reads from the first record on. */
    public static <V extends AboutCoupon> TopicTail<V> fromTheBeginning(KafkaClients clients, Topic<V> topic,
            TopicReader<V> reader, MeterRegistry meters) {
        return new TopicTail<>(clients, topic, Optional.empty(), reader, meters);
    }

    /** Reads from the records of {@code howFarBack} ago on. */
    public static <V extends AboutCoupon> TopicTail<V> from(Duration howFarBack, KafkaClients clients, Topic<V> topic,
            TopicReader<V> reader, MeterRegistry meters) {
        return new TopicTail<>(clients, topic, Optional.of(howFarBack), reader, meters);
    }

    private static Metric fetches(KafkaConsumer<?, ?> consumer) {
        return consumer.metrics().entrySet().stream().filter(it -> it.getKey().name().equals("fetch-total"))
                .findAny().orElseThrow().getValue();
    }

    /** Whether everything has been read that was committed when reading began, and Kafka goes on answering. */
    public boolean isCurrent() {
        return problem().isEmpty();
    }

    /** What keeps it from being current. */
    public Optional<String> problem() {
        if (!caughtUp) {
            return Optional.of("are still being read");
        }
        boolean silent = System.nanoTime() - heardNanos > LONGEST_SILENCE.toNanos();
        return silent ? Optional.of("are not to be heard of: no broker answers") : Optional.empty();
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

    private void readUntilTrouble() {
        try {
            ends = ends == null ? begin() : ends;
            while (stopped.getCount() > 0) {
                consumer.poll(POLL).forEach(this::read);
                listen();
                caughtUp = caughtUp || hasReached(ends);
            }
        } catch (WakeupException e) {
            LOG.debug("told to stop reading {}", topic.name());
        } catch (RuntimeException e) {
            LOG.warn("reading {} goes on in {}", topic.name(), PAUSE, e);
            pause();
        }
    }

    private void listen() {
        Object now = fetches.metricValue();
        if (!now.equals(fetched)) {
            fetched = now;
            heardNanos = System.nanoTime();
        }
    }

    private Map<TopicPartition, Long> begin() {
        consumer.assign(partitions);
        Map<TopicPartition, Long> endsNow = consumer.endOffsets(partitions);
        howFarBack.ifPresentOrElse(back -> seekBack(back, endsNow), () -> consumer.seekToBeginning(partitions));
        partitions.forEach(partition -> reader.startsAt(partition.partition(), consumer.position(partition)));
        return endsNow;
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

    private boolean hasReached(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        try {
            reader.read(new Read<>(topic.decode(record.value()), record.partition(), record.offset(),
                    Instant.ofEpochMilli(record.timestamp())));
        } catch (RuntimeException e) {
            unreadable.increment();
            LOG.error("{}-{}@{} cannot be used and is passed over", record.topic(), record.partition(),
                    record.offset(), e);
        }
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
