package io.firstcome.kit.consumer;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.apache.kafka.common.TopicPartition;

/** The state of each assigned partition. Only the loop changes it; probes read it from other threads. */
final class PartitionStates {

    private sealed interface State {

        /** The position in the store, as far as this instance knows. */
        OptionalLong position();

        /** The position has to be read from the store before any record is read. */
        record Unpositioned(OptionalLong position) implements State {}

        /** The partition is read from {@code next} on. */
        record Reading(long next) implements State {
            @Override
            public OptionalLong position() {
                return OptionalLong.of(next);
            }
        }

        /**
         * The partition is not read until a person has acted.
         *
         * @param atStart whether the store stopped it before its first record, because of its position
         */
        record Stopped(OptionalLong position, String why, boolean atStart) implements State {}
    }

    private final Map<TopicPartition, State> states = new ConcurrentHashMap<>();

    void assigned(Collection<TopicPartition> partitions) {
        partitions.forEach(partition -> states.put(partition, new State.Unpositioned(OptionalLong.empty())));
    }

    void revoked(Collection<TopicPartition> partitions) {
        states.keySet().removeAll(partitions);
    }

    void reading(TopicPartition partition, long next) {
        states.put(partition, new State.Reading(next));
    }

    void stopped(TopicPartition partition, String why, boolean atStart) {
        states.computeIfPresent(partition, (_, state) -> new State.Stopped(state.position(), why, atStart));
    }

    /** The partitions that were stopped because of their position, which a person may have changed since. */
    List<TopicPartition> stoppedAtStart() {
        return states.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof State.Stopped(_, _, boolean atStart) && atStart)
                .map(Map.Entry::getKey).toList();
    }

    /** The positions of all partitions that are being read have to be read from the store again. */
    void unpositionAll() {
        states.replaceAll((_, state) -> switch (state) {
            case State.Reading reading -> new State.Unpositioned(reading.position());
            case State.Unpositioned unpositioned -> unpositioned;
            case State.Stopped stopped -> stopped;
        });
    }

    /** The partitions whose position has to be read from the store. */
    List<TopicPartition> unpositioned() {
        return states.entrySet().stream().filter(entry -> entry.getValue() instanceof State.Unpositioned)
                .map(Map.Entry::getKey).toList();
    }

    /** By partition that is being read, the next offset to store. */
    Map<TopicPartition, Long> reading() {
        Map<TopicPartition, Long> reading = new HashMap<>();
        states.forEach((partition, state) -> {
            if (state instanceof State.Reading(long next)) {
                reading.put(partition, next);
            }
        });
        return reading;
    }

    /** By assigned partition, the position in the store, as far as this instance knows. */
    Map<TopicPartition, OptionalLong> positions() {
        return states.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().position()));
    }

    /** The partitions that need a person, with the reason. */
    Map<String, String> stopped() {
        Map<String, String> reasons = new TreeMap<>();
        states.forEach((partition, state) -> {
            if (state instanceof State.Stopped(_, String why, _)) {
                reasons.put(partition.toString(), why);
            }
        });
        return reasons;
    }
}
