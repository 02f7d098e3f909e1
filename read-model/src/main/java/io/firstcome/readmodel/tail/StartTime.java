package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record time from which a tail reads. It is determined once, when the first tail starts to read. Several tails may
 * share it.
 */
public final class StartTime {

    private static final Logger LOG = LoggerFactory.getLogger(StartTime.class);
    /** How many of the records wanted may be read in addition, in percent: fewer requests to Kafka find the time. */
    private static final long TOLERANCE_PERCENT = 10;

    private final Rule rule;
    private OptionalLong determined = OptionalLong.empty();

    @FunctionalInterface
    private interface Rule {

        long millis(Consumer<?, ?> consumer);
    }

    private StartTime(Rule rule) {
        this.rule = rule;
    }

    /** So long ago. */
    static StartTime ago(Duration age) {
        return new StartTime(_ -> Instant.now().minus(age).toEpochMilli());
    }

    /**
     * The time since which {@code records} offsets were written to some partitions together, up to a tenth more, but
     * not more than {@code maxAge} ago. One time serves all partitions: so a busy partition gets the larger share, and
     * the records left out are the oldest ones. The markers of transactions have offsets too.
     */
    public static StartTime ofLatest(long records, Duration maxAge, List<TopicPartition> partitions) {
        return new StartTime(consumer -> latest(records, maxAge, partitions, consumer));
    }

    /** This time, or the other one if that is later. */
    public StartTime notBefore(StartTime other) {
        return new StartTime(consumer -> Math.max(millis(consumer), other.millis(consumer)));
    }

    /**
     * The time in milliseconds since the epoch.
     *
     * @param consumer asks Kafka where the partitions end and what their times are
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer; the next call tries again
     */
    synchronized long millis(Consumer<?, ?> consumer) {
        if (determined.isEmpty()) {
            determined = OptionalLong.of(rule.millis(consumer));
        }
        return determined.getAsLong();
    }

    private static long latest(long records, Duration maxAge, List<TopicPartition> partitions,
            Consumer<?, ?> consumer) {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long after = Instant.now().toEpochMilli();
        long since = after - maxAge.toMillis();
        long count = countSince(since, ends, consumer);
        // Between the two times more than the records wanted were written, but after the later time fewer.
        while (count > records + records * TOLERANCE_PERCENT / 100 && after - since > 1) {
            long middle = (since + after) >>> 1;
            long countOfMiddle = countSince(middle, ends, consumer);
            if (countOfMiddle >= records) {
                since = middle;
                count = countOfMiddle;
            } else {
                after = middle;
            }
        }
        LOG.info("{} records were written to {} since {}", count, partitions.getFirst().topic(),
                Instant.ofEpochMilli(since));
        return since;
    }

    private static long countSince(long millis, Map<TopicPartition, Long> ends, Consumer<?, ?> consumer) {
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(
                ends.keySet().stream().collect(Collectors.toMap(partition -> partition, _ -> millis)));
        return ends.entrySet().stream().mapToLong(end -> {
            OffsetAndTimestamp start = starts.get(end.getKey());
            return start == null ? 0 : Math.max(0, end.getValue() - start.offset());
        }).sum();
    }
}
