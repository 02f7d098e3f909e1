package io.firstcome.readmodel.tail;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How fresh is what has been read of a topic. Again and again somebody asks up to where each partition is committed; once
 * reading has come that far, everything is known that had been committed when they asked. Current is whoever knows, of
 * every partition, such a moment within the last fifteen seconds. It takes no broker's word for another's partitions, and
 * whoever reads ever more slowly than is written does not stay current.
 */
final class CatchUpMonitor {

    /** Within it a partition that lost its leader has another: Kafka takes nine seconds to call a broker dead. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final LongSupplier nanoTime;
    private final List<Partition> partitions;

    /** @param partitions how many there are, numbered from 0 */
    CatchUpMonitor(int partitions, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.partitions = IntStream.range(0, partitions).mapToObj(Partition::new).toList();
    }

    /**
     * Takes note that somebody asks where the partitions end.
     *
     * @return when that was, for the answers
     */
    long asked() {
        long now = nanoTime.getAsLong();
        partitions.forEach(Partition::asked);
        return now;
    }

    /**
     * Takes note of an answer, in whatever order they come.
     *
     * @param end the first offset behind what is committed
     */
    void answered(int partition, long end, long askedNanos) {
        partitions.get(partition).answered(new Look(end, askedNanos));
    }

    /** Whether it is of use to tell how far a partition has been read. */
    boolean awaits(int partition) {
        return partitions.get(partition).isAwaited();
    }

    /** Takes note that everything before {@code position} has been read. */
    void reached(int partition, long position) {
        partitions.get(partition).reached(position);
    }

    boolean isCurrent() {
        long now = nanoTime.getAsLong();
        return partitions.stream().allMatch(partition -> partition.isFresh(now));
    }

    /** What keeps it from being current. */
    Optional<String> problem() {
        if (partitions.stream().anyMatch(Partition::isUnread)) {
            return Optional.of("are still being read");
        }
        long now = nanoTime.getAsLong();
        TreeMap<String, List<Integer>> troubles = partitions.stream().filter(partition -> !partition.isFresh(now))
                .collect(Collectors.groupingBy(Partition::trouble, TreeMap::new,
                        Collectors.mapping(Partition::number, Collectors.toList())));
        return troubles.entrySet().stream().map(it -> it.getKey() + ": partitions " + it.getValue())
                .reduce((one, other) -> one + "; " + other);
    }

    /** Up to where a partition was committed at some moment. */
    private record Look(long end, long nanos) {}

    private static final class Partition {

        private final int number;
        private boolean unanswered;
        /** The earliest that has not been reached; null when none is. */
        private Look ahead;
        /** The latest that has been reached; null before the first. */
        private volatile Look reached;

        Partition(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }

        synchronized void asked() {
            unanswered = true;
        }

        /** An earlier one stays: whoever lags a little never reaches the latest. But a log may lose its end. */
        synchronized void answered(Look look) {
            unanswered = false;
            if (ahead == null || look.end < ahead.end) {
                ahead = look;
            }
        }

        synchronized boolean isAwaited() {
            return ahead != null;
        }

        synchronized void reached(long position) {
            if (ahead != null && position >= ahead.end) {
                reached = reached == null || ahead.nanos - reached.nanos > 0 ? ahead : reached;
                ahead = null;
            }
        }

        boolean isUnread() {
            return reached == null;
        }

        boolean isFresh(long now) {
            Look latest = reached;
            return latest != null && now - latest.nanos <= LIMIT.toNanos();
        }

        synchronized String trouble() {
            return ahead == null && unanswered
                    ? "are not to be heard of, for no broker answers"
                    : "are behind by more than " + LIMIT.toSeconds() + " s";
        }
    }
}
