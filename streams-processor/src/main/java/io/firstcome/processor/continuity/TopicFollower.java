package io.firstcome.processor.continuity;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.errors.StreamsException;

import io.firstcome.contract.json.ContractViolation;
import io.firstcome.kit.loop.Backoff;
import io.firstcome.kit.loop.ServiceLoop;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Reads all partitions of a topic from their beginning and goes on reading, on a thread of its own. So a stream thread
 * that needs the content of a partition waits only for the last records. A stream thread must not read a whole
 * partition itself: the transaction of its other tasks ends after ten seconds.
 *
 * <p>The ingresses read topics in another way (TopicTail of the read model): they skip what they cannot read, and go on
 * after a topic was created again. No decision may rest on that, so here such a record is an error, and a new topic is
 * read from its beginning.
 */
final class TopicFollower implements AutoCloseable {

    /** What has been read. All methods are called under the lock of the follower. */
    interface Content {

        /** The topic is read again from its beginning. */
        void clear();

        /** A committed record. */
        void add(ConsumerRecord<byte[], byte[]> record);
    }

    private static final Duration POLL_TIMEOUT = Duration.ofMillis(500);
    private static final Backoff BACKOFF = Backoff.exponential(Duration.ofMillis(100), Duration.ofSeconds(2));
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final long NOT_READ = -1;

    private final String topic;
    private final List<TopicPartition> partitions;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final Supplier<String> topicIds;
    private final Content content;
    private final Duration timeout;
    private final long[] positions;
    private final ServiceLoop loop;
    private volatile Consumer<byte[], byte[]> consumer;
    private String topicId = "";
    private RuntimeException failure;

    /**
     * @param consumers creates a consumer of committed records that is assigned to no partition
     * @param topicIds asks the brokers for the id of the topic
     * @param timeout how long a caller waits while no record arrives
     */
    TopicFollower(String topic, int partitionCount, Supplier<Consumer<byte[], byte[]>> consumers,
            Supplier<String> topicIds, Content content, Duration timeout, MeterRegistry meters) {
        this.topic = topic;
        this.partitions = IntStream.range(0, partitionCount).mapToObj(it -> new TopicPartition(topic, it)).toList();
        this.consumers = consumers;
        this.topicIds = topicIds;
        this.content = content;
        this.timeout = timeout;
        this.positions = new long[partitionCount];
        Arrays.fill(positions, NOT_READ);
        this.loop = ServiceLoop.named(topic + "-follower", this::step, meters).retry(BACKOFF)
                .onFailure(this::startAgain).onClose(this::wakeup).onEnd(this::end)
                .closeTimeout(CLOSE_TIMEOUT).build();
    }

    void start() {
        loop.start();
    }

    private void step() {
        if (consumer == null) {
            open();
        }
        ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL_TIMEOUT);
        long[] read = partitions.stream().mapToLong(consumer::position).toArray();
        synchronized (this) {
            if (topicId.isEmpty()) {
                throw new StreamsException(topic + " was deleted and created again");
            }
            records.forEach(content::add);
            System.arraycopy(read, 0, positions, 0, read.length);
            failure = null;
            notifyAll();
        }
    }

    private void open() {
        String id = topicIds.get();
        consumer = consumers.get();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        synchronized (this) {
            topicId = id;
            content.clear();
            Arrays.fill(positions, NOT_READ);
        }
    }

    private void startAgain(RuntimeException cause) {
        closeConsumer();
        synchronized (this) {
            failure = cause;
            notifyAll();
        }
    }

    private void end() {
        synchronized (this) {
            notifyAll();
        }
        closeConsumer();
    }

    private void wakeup() {
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    private void closeConsumer() {
        Consumer<byte[], byte[]> current = consumer;
        consumer = null;
        if (current != null) {
            current.close();
        }
    }

    /**
     * Waits until a partition has been read up to an offset, and then reads the content.
     *
     * @param id the id of the topic that has this end. When the topic that was read has another id, it is read again
     * @throws ContractViolation when a record cannot be read
     * @throws NewerData when a newer version wrote a record
     * @throws StreamsException when the reader has ended, or no record has arrived for the timeout, although records
     *     are missing
     */
    synchronized <T> T await(String id, int partition, long end, Supplier<T> read) {
        long deadline = System.nanoTime() + timeout.toNanos();
        long before = NOT_READ;
        while (!topicId.equals(id) || positions[partition] < end) {
            if (failure instanceof ContractViolation || failure instanceof NewerData) {
                throw failure;
            }
            loop.problem().ifPresent(problem -> {
                throw new StreamsException("the reader of " + topic + " " + problem);
            });
            if (!topicId.isEmpty() && !topicId.equals(id)) {
                topicId = "";
            }
            // A large partition may take long; only a standstill is a failure.
            if (positions[partition] > before) {
                before = positions[partition];
                deadline = System.nanoTime() + timeout.toNanos();
            }
            long millis = (deadline - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                throw new StreamsException(partitions.get(partition) + " cannot be read to its end within "
                        + timeout.toSeconds() + " s; a transaction may be open", failure);
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StreamsException("interrupted while " + topic + " was read", e);
            }
        }
        return read.get();
    }

    /** Why the topic is not read any more; empty while it is. For liveness. */
    Optional<String> problem() {
        return loop.problem();
    }

    Collection<TopicPartition> partitions() {
        return partitions;
    }

    @Override
    public void close() {
        loop.close();
    }
}
