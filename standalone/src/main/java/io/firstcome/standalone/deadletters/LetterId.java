package io.firstcome.standalone.deadletters;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.firstcome.contract.topic.DeadLetterTopic;
import io.firstcome.contract.topic.RecordPosition;
import io.firstcome.contract.topic.Topics;

/**
 * The id of a dead letter: its place in a topic, in texts such as {@code commands/0:17}.
 *
 * @param topic the dead-letter topic
 */
public record LetterId(DeadLetterTopic topic, int partition, long offset) {

    private static final Pattern TEXT = Pattern.compile("(?:(commands|outcomes)/)?([0-9]{1,9}):([0-9]{1,18})");

    /**
     * Reads an id. A text without a topic, such as {@code 0:17}, may mean a letter of any topic.
     *
     * @return the ids that the text may mean; empty when the text is no id
     */
    public static List<LetterId> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return List.of();
        }
        int partition = Integer.parseInt(matcher.group(2));
        long offset = Long.parseLong(matcher.group(3));
        return LetterTopic.named(matcher.group(1)).stream().map(topic -> new LetterId(topic.topic(), partition, offset))
                .toList();
    }

    /** The topics by the names that operators use. */
    public enum LetterTopic {
        /** {@code coupon-commands-dlq}. */
        COMMANDS(Topics.COMMANDS_DLQ),
        /** {@code coupon-outcomes-dlq}. */
        OUTCOMES(Topics.OUTCOMES_DLQ);

        private final DeadLetterTopic topic;

        LetterTopic(DeadLetterTopic topic) {
            this.topic = topic;
        }

        /** The topic in Kafka. */
        public DeadLetterTopic topic() {
            return topic;
        }

        private static List<LetterTopic> named(String name) {
            return name == null ? List.of(values()) : List.of(valueOf(name.toUpperCase(Locale.ROOT)));
        }
    }

    /** The position in Kafka. */
    public RecordPosition position() {
        return new RecordPosition(topic.name(), partition, offset);
    }

    @Override
    public String toString() {
        return (topic.equals(Topics.COMMANDS_DLQ) ? "commands/" : "outcomes/") + partition + ":" + offset;
    }
}
