package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares how far a topic has been read with how far it is committed. Twice a second Kafka is asked for the end offset
 * of each partition. A reader that has read up to this offset knows everything that was committed when Kafka was asked.
 * A partition is current while the last question whose offset has been reached is younger than the time limit. A topic
 * is current while all of its partitions are.
 *
 * <p>Each partition needs its own answer: a broker that is cut off says nothing about the partitions of others. A
 * reader that is slower than the writers does not stay current.
 *
 * <p>This is the measure of one topic. Callers ask {@link io.firstcome.readmodel.ReadModel} for several topics
 * together, and {@link io.firstcome.readmodel.CouponCatchUp} about one coupon.
 *
 * <p>One thread reads. Queries, answers and status queries come from any thread.
 */
final class CatchUp {

    /** Long enough for a change of leaders: Kafka needs nine seconds to declare a broker dead. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    private static final Logger LOG = LoggerFactory.getLogger(CatchUp.class);
    private static final Duration QUERY_INTERVAL = Duration.ofMillis(500);
    /** Between two queries that callers ask for: each caller wants a newer answer than the one before. */
    private static final Duration MIN_QUERY_INTERVAL = Duration.ofMillis(50);
    /** Long enough for a busy broker, and short enough that queries to a dead one do not pile up. */
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);

    private final List<Partition> partitions;
    private final Map<TopicPartition, OffsetSpec> endOffsets;
    private final Duration limit;
    private final LongSupplier nanoTime;
    private final AtomicLong lastQueryNanos;

    /**
     * @param topicPartitions all partitions of the topic, in the order of their numbers from 0
     * @param limit the longest time since the last moment up to which everything has been read
     */
    CatchUp(List<TopicPartition> topicPartitions, Duration limit, LongSupplier nanoTime) {
        this.partitions = topicPartitions.stream().map(Partition::new).toList();
        this.endOffsets = topicPartitions.stream().collect(Collectors.toMap(it -> it, _ -> OffsetSpec.latest()));
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.lastQueryNanos = new AtomicLong(nanoTime.getAsLong());
    }

    /** Asks Kafka for the end offsets, unless the last query is too recent. Does not wait for the answers. */
    void queryEndsIfDue(Admin admin) {
        if (nanoTime.getAsLong() - lastQueryNanos.get() < QUERY_INTERVAL.toNanos()) {
            return;
        }
        queryEnds(admin);
    }

    private void queryEnds(Admin admin) {
        long askedNanos = queryStarted();
        ListOffsetsResult answers = admin.listOffsets(endOffsets, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)
                .timeoutMs(Math.toIntExact(QUERY_TIMEOUT.toMillis())));
        partitions.forEach(partition -> answers.partitionResult(partition.id).whenComplete((end, failure) -> {
            if (failure == null) {
                queryAnswered(partition.id.partition(), end.offset(), askedNanos);
            } else {
                partition.queryFailed(failure);
            }
        }));
    }

    /**
     * A query for the end offsets of all partitions starts now.
     *
     * @return the time of the query, for its answers
     */
    long queryStarted() {
        long now = nanoTime.getAsLong();
        lastQueryNanos.set(now);
        partitions.forEach(Partition::queryStarted);
        return now;
    }

    /**
     * A query was answered for one partition. Answers may come in any order.
     *
     * @param end the offset after the last committed record
     * @param askedNanos the time of the query
     */
    void queryAnswered(int partition, long end, long askedNanos) {
        partitions.get(partition).queryAnswered(new CommittedEnd(end, askedNanos));
    }

    /** All records of a partition before {@code position} have been read. */
    void readTo(int partition, long position) {
        partitions.get(partition).readTo(position);
    }

    /** Whether everything has been read that was committed at some moment within the limit. */
    boolean isCurrent() {
        long now = nanoTime.getAsLong();
        for (Partition partition : partitions) {
            if (!partition.isCurrentAt(now)) {
                return false;
            }
        }
        return true;
    }

    /** Whether everything in a partition has been read that was committed at some moment within the limit. */
    boolean isCurrent(int partition) {
        return partitions.get(partition).isCurrentAt(nanoTime.getAsLong());
    }

    /** Whether everything in a partition has been read that was committed at this moment, a value of the clock. */
    boolean isReadSince(int partition, long moment) {
        return partitions.get(partition).isReadSince(moment);
    }

    /**
     * Asks Kafka for the end offsets, unless it was asked since this moment, or too short a time ago: then the caller
     * asks again. Does not wait for the answers.
     */
    void queryEndsUnlessAskedSince(long moment, Admin admin) {
        long last = lastQueryNanos.get();
        long now = nanoTime.getAsLong();
        // Of callers who find the same last query only one asks.
        if (last - moment < 0 && now - last >= MIN_QUERY_INTERVAL.toNanos()
                && lastQueryNanos.compareAndSet(last, now)) {
            queryEnds(admin);
        }
    }

    /**
     * Why the ingress cannot serve callers from this topic: a partition has never been read to its end, or more than
     * half of the partitions are not current. Empty while the ingress serves callers; claims on coupons of a
     * partition that is not current still get 503.
     */
    Optional<String> seriousProblem() {
        long now = nanoTime.getAsLong();
        long notCurrent = partitions.stream().filter(it -> !it.isCurrentAt(now)).count();
        boolean serious = 2 * notCurrent > partitions.size() || partitions.stream().anyMatch(Partition::isFirstRead);
        return serious ? problem() : Optional.empty();
    }

    /** Why the topic, or a part of it, is not current; empty while all partitions are current. */
    Optional<String> problem() {
        if (partitions.stream().anyMatch(Partition::isFirstRead)) {
            return Optional.of("are still being read");
        }
        long now = nanoTime.getAsLong();
        TreeMap<String, List<Integer>> byProblem = partitions.stream().filter(it -> !it.isCurrentAt(now))
                .collect(Collectors.groupingBy(Partition::problem, TreeMap::new,
                        Collectors.mapping(it -> it.id.partition(), Collectors.toList())));
        return byProblem.entrySet().stream().map(it -> it.getKey() + ": partitions " + it.getValue())
                .reduce((one, other) -> one + "; " + other);
    }

    /** The offset up to which a partition was committed at a moment. */
    private record CommittedEnd(long offset, long nanos) {}

    private final class Partition {

        private final TopicPartition id;
        private boolean unanswered;
        private boolean failing;
        /** All records before this offset have been read. */
        private long position;
        /** The earliest end that has not been reached; null when there is none. */
        private CommittedEnd next;
        /** The end that was asked for last, when it is a later one than {@link #next}; else null. */
        private CommittedEnd last;
        /** The latest end that has been reached; null before the first. */
        private volatile CommittedEnd reached;

        Partition(TopicPartition id) {
            this.id = id;
        }

        synchronized void queryStarted() {
            unanswered = true;
        }

        synchronized void queryAnswered(CommittedEnd end) {
            unanswered = false;
            if (failing) {
                failing = false;
                LOG.info("partition {}: a broker answers queries for the end offset again", id);
            }
            // Keeps the earlier end: a reader that lags a little never reaches the latest one. But a log may lose its
            // end.
            if (next == null || end.offset < next.offset) {
                next = end;
            } else if (last == null || end.nanos - last.nanos > 0) {
                last = end;
            }
            reachEnds();
        }

        synchronized void queryFailed(Throwable failure) {
            if (!failing) {
                failing = true;
                LOG.warn("partition {}: no broker answers the query for the end offset; the query is repeated", id,
                        failure);
            }
        }

        synchronized void readTo(long newPosition) {
            position = newPosition;
            reachEnds();
        }

        private void reachEnds() {
            while (next != null && position >= next.offset) {
                // A late answer to an early query must not replace a later moment.
                reached = reached == null || next.nanos - reached.nanos > 0 ? next : reached;
                next = last;
                last = null;
            }
        }

        boolean isReadSince(long moment) {
            CommittedEnd latest = reached;
            return latest != null && latest.nanos - moment >= 0;
        }

        boolean isFirstRead() {
            return reached == null;
        }

        boolean isCurrentAt(long now) {
            CommittedEnd latest = reached;
            return latest != null && now - latest.nanos <= limit.toNanos();
        }

        synchronized String problem() {
            return next == null && unanswered
                    ? "cannot be checked because no broker answers"
                    : "are behind by more than " + limit.toSeconds() + " s";
        }
    }
}
