package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.IntToLongFunction;
import java.util.function.LongBinaryOperator;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The record time from which a tail reads each partition. It is determined once, when the first tail starts to read.
 * Several tails may share it.
 */
public final class StartTime {

    private static final Logger LOG = LoggerFactory.getLogger(StartTime.class);
    /** How many of the records wanted may be read in addition, in percent: fewer requests to Kafka find the time. */
    private static final long TOLERANCE_PERCENT = 10;
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);
    /** The offset that Kafka gives for a time after the last record, and the time that it gives without a record. */
    private static final long NO_RECORD = -1;

    private final Rule rule;
    /** Null until it is determined. */
    private IntToLongFunction determined;

    @FunctionalInterface
    private interface Rule {

        IntToLongFunction millisByPartition(Admin admin);
    }

    private StartTime(Rule rule) {
        this.rule = rule;
    }

    /** So long ago. */
    static StartTime ago(Duration age) {
        return new StartTime(_ -> everywhere(Instant.now().minus(age).toEpochMilli()));
    }

    /**
     * The time since which {@code records} offsets were written to some partitions together, up to a tenth more, but
     * not more than {@code maxAge} ago. One time serves all partitions: so a busy partition gets the larger share, and
     * the records left out are the oldest ones. The markers of transactions have offsets too.
     */
    public static StartTime ofLatest(long records, Duration maxAge, List<TopicPartition> partitions) {
        return new StartTime(admin -> everywhere(latest(records, maxAge, partitions, admin)));
    }

    /** In each of these partitions the time of the latest record by time; later than any time where there is none. */
    public static StartTime ofTheLastRecords(List<TopicPartition> partitions) {
        return new StartTime(admin -> last(partitions, admin));
    }

    private static IntToLongFunction everywhere(long millis) {
        return _ -> millis;
    }

    /** In each partition this time, or the other one if that is later. */
    public StartTime notBefore(StartTime other) {
        return with(other, Math::max);
    }

    /** In each partition this time, or the other one if that is earlier. */
    public StartTime notAfter(StartTime other) {
        return with(other, Math::min);
    }

    private StartTime with(StartTime other, LongBinaryOperator choice) {
        return new StartTime(admin -> {
            IntToLongFunction these = millisByPartition(admin);
            IntToLongFunction others = other.millisByPartition(admin);
            return partition -> choice.applyAsLong(these.applyAsLong(partition), others.applyAsLong(partition));
        });
    }

    /**
     * The time in milliseconds since the epoch, by the number of the partition.
     *
     * @param admin asks Kafka where the partitions end and what their times are
     * @throws org.apache.kafka.common.KafkaException when Kafka does not answer; the next call tries again
     */
    synchronized IntToLongFunction millisByPartition(Admin admin) {
        if (determined == null) {
            determined = rule.millisByPartition(admin);
        }
        return determined;
    }

    private static IntToLongFunction last(List<TopicPartition> partitions, Admin admin) {
        Map<Integer, Long> times = ask(partitions, OffsetSpec.maxTimestamp(), admin).entrySet().stream()
                .filter(last -> last.getValue().timestamp() != NO_RECORD)
                .collect(Collectors.toMap(last -> last.getKey().partition(), last -> last.getValue().timestamp()));
        return partition -> times.getOrDefault(partition, Long.MAX_VALUE);
    }

    private static long latest(long records, Duration maxAge, List<TopicPartition> partitions, Admin admin) {
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), admin);
        long after = Instant.now().toEpochMilli();
        long since = after - maxAge.toMillis();
        long count = countSince(since, ends, admin);
        // Between the two times more than the records wanted were written, but after the later time fewer.
        while (count > records + records * TOLERANCE_PERCENT / 100 && after - since > 1) {
            long middle = (since + after) >>> 1;
            long countOfMiddle = countSince(middle, ends, admin);
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

    private static long countSince(long millis, Map<TopicPartition, Long> ends, Admin admin) {
        Map<TopicPartition, Long> starts = offsets(ends.keySet(), OffsetSpec.forTimestamp(millis), admin);
        return ends.entrySet().stream().mapToLong(end -> {
            long start = starts.get(end.getKey());
            return start == NO_RECORD ? 0 : Math.max(0, end.getValue() - start);
        }).sum();
    }

    private static Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec,
            Admin admin) {
        return ask(partitions, spec, admin).entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> ask(Collection<TopicPartition> partitions,
            OffsetSpec spec, Admin admin) {
        try {
            return admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> spec)),
                    new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)
                            .timeoutMs(Math.toIntExact(QUERY_TIMEOUT.toMillis())))
                    .all().get();
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        } catch (ExecutionException e) {
            throw new KafkaException("Kafka does not answer where " + partitions + " begin or end", e.getCause());
        }
    }
}
