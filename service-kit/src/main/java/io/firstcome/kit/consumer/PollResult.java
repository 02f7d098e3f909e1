package io.firstcome.kit.consumer;

import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;

/**
 * What became of a poll.
 *
 * @param stopped the partitions that need a person, with the reason; the other partitions go on
 * @param unfinished the partitions that were stored in part, with the first offset that is not stored: the records from
 *     there on come again with the next polls
 * @param postponed why the poll could not be stored now; empty when every partition is stored that is neither stopped
 *     nor unfinished
 */
public record PollResult(Map<TopicPartition, String> stopped, Map<TopicPartition, Long> unfinished,
        Optional<String> postponed) {

    private static final PollResult STORED = storedExcept(Map.of());

    /** Everything is stored, and the positions are behind it. */
    public static PollResult stored() {
        return STORED;
    }

    /** Everything is stored but these partitions, which need a person. */
    public static PollResult storedExcept(Map<TopicPartition, String> stopped) {
        return new PollResult(stopped, Map.of(), Optional.empty());
    }

    /**
     * How much is stored is not known, such as after a failed compare-and-set. The positions of all partitions are read
     * anew after a wait.
     *
     * @param why in one line; each text is logged once until the store succeeds
     */
    public static PollResult postponed(String why) {
        return new PollResult(Map.of(), Map.of(), Optional.of(why));
    }
}
