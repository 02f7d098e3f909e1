package io.firstcome.kit.consumer;

import java.util.Map;
import java.util.Optional;

import org.apache.kafka.common.TopicPartition;

/**
 * What became of a poll.
 *
 * @param stopped the partitions that need a person, with the reason; the other partitions go on
 * @param postponed why the poll could not be stored now; empty when every partition that is not stopped was stored
 */
public record PollResult(Map<TopicPartition, String> stopped, Optional<String> postponed) {

    private static final PollResult STORED = new PollResult(Map.of(), Optional.empty());

    /** Everything is stored, and the positions are behind it. */
    public static PollResult stored() {
        return STORED;
    }

    /**
     * How much is stored is not known, such as after a failed compare-and-set. The positions of all partitions are read
     * anew after a wait.
     *
     * @param why in one line; each text is logged once until the store succeeds
     */
    public static PollResult postponed(String why) {
        return new PollResult(Map.of(), Optional.of(why));
    }
}
