package io.firstcome.contract.topic;

import java.util.Map;

/**
 * A topic for records that could not be processed. A {@link DeadLetter} keeps the key and value of the original record;
 * two headers hold the reason and the origin.
 *
 * <p>What operators do with a letter is a record of the same partition, a mark: its headers name the letter, what was
 * done with it, and by whom. Marks have the key of the letter and no value. Neither letters nor marks are ever changed.
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

    /** Header of a mark, and of no letter: {@code replayed} or {@code dropped}. */
    public static final String MARK = PREFIX + "mark";
    /** Header of a mark: the position of the letter. */
    public static final String LETTER = PREFIX + "letter";
    /** Header of a mark: the user and the machine of the operator. */
    public static final String BY = PREFIX + "by";
    /** Header of a mark: what the replay did, or why the letter was dropped. */
    public static final String NOTE = PREFIX + "note";

    /** Header of a command that was replayed: the position of the letter. */
    public static final String REPLAYED_FROM = PREFIX + "replayed-from";
}
