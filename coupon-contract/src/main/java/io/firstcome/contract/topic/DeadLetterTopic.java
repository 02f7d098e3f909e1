package io.firstcome.contract.topic;

import java.util.Map;

/**
 * A topic for records that could not be processed. A {@link DeadLetter} keeps the key and value of the original record;
 * two headers hold the reason and the origin.
 *
 * @param name the topic's name
 * @param settings the topic's Kafka configuration, without the partition count and the replication factor
 */
public record DeadLetterTopic(String name, Map<String, String> settings) implements TopicSpec {

    /** The names of this system's headers begin with it. */
    static final String PREFIX = "firstcome.";

    /** Header: why the record could not be processed, as text. */
    public static final String REASON = PREFIX + "reason";
    /** Header: the position of the original record, as {@code topic-partition@offset}. */
    public static final String ORIGIN = PREFIX + "origin";
    /** Header of a letter whose key or value was cut: the original sizes, as text. */
    public static final String CUT = PREFIX + "cut";
}
