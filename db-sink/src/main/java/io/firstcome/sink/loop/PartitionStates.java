package io.firstcome.sink.loop;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;

/** How each partition of this instance stands. Changed by the loop alone, read by probes from other threads. */
final class PartitionStates {

    private sealed interface Standing {

        /** The first offset that is not stored, as far as this instance knows. */
        OptionalLong next();

        /** Before anything else its position has to be read from MySQL. */
        record Waiting(OptionalLong next) implements Standing {}

        /** Reading goes on at {@code position}. */
        record Flowing(long position) implements Standing {
            @Override
            public OptionalLong next() {
                return OptionalLong.of(position);
            }
        }

        /** A person has to look first. */
        record Stopped(OptionalLong next, String why) implements Standing {}
    }

    private final Map<TopicPartition, Standing> standings = new ConcurrentHashMap<>();

    /** The group gave these to this instance. */
    void given(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> standings.put(partition, new Standing.Waiting(OptionalLong.empty())));
    }

    /** The group took these away. */
    void taken(Collection<TopicPartition> partitions) {
        standings.keySet().removeAll(partitions);
    }

    void flowing(TopicPartition partition, long position) {
        standings.put(partition, new Standing.Flowing(position));
    }

    void stopped(TopicPartition partition, String why) {
        standings.compute(partition, (key, standing) -> new Standing.Stopped(standing.next(), why));
    }

    /** The positions of all that are flowing have to be read again. */
    void interrupted() {
        standings.replaceAll((partition, standing) -> switch (standing) {
            case Standing.Flowing flowing -> new Standing.Waiting(flowing.next());
            case Standing.Waiting waiting -> waiting;
            case Standing.Stopped stopped -> stopped;
        });
    }

    /** Where reading goes on, if it does. */
    OptionalLong flowingFrom(TopicPartition partition) {
        return standings.get(partition) instanceof Standing.Flowing flowing ? flowing.next() : OptionalLong.empty();
    }

    /** The partitions whose position has to be read. */
    List<TopicPartition> waiting() {
        return standings.entrySet().stream().filter(entry -> entry.getValue() instanceof Standing.Waiting)
                .map(Map.Entry::getKey).toList();
    }

    /** For each partition the first offset that is not stored, as far as this instance knows. */
    Map<TopicPartition, OptionalLong> positions() {
        return standings.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().next()));
    }

    /** The partitions that a person has to look at, with the reason. */
    Map<String, String> stopped() {
        Map<String, String> reasons = new TreeMap<>();
        standings.forEach((partition, standing) -> {
            if (standing instanceof Standing.Stopped stopped) {
                reasons.put(partition.toString(), stopped.why());
            }
        });
        return reasons;
    }
}
