package io.firstcome.contract.topic;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * A topic for records that could not be processed. A dead letter keeps the key and value of the original record; two
 * headers hold the reason and the origin.
 *
 * @param name the topic's name
 * @param settings the topic's Kafka configuration, without the partition count and the replication factor
 */
public record DeadLetterTopic(String name, Map<String, String> settings) implements TopicSpec {

    /** Header: why the record could not be processed, as text. */
    public static final String REASON = "firstcome.reason";
    /** Header: the position of the original record, as {@code topic-partition@offset}. */
    public static final String ORIGIN = "firstcome.origin";

    /** The headers {@link #REASON} and {@link #ORIGIN} of a dead letter. */
    public static Headers headers(String reason, String topic, int partition, long offset) {
        return new RecordHeaders().add(REASON, reason.getBytes(StandardCharsets.UTF_8))
                .add(ORIGIN, (topic + "-" + partition + "@" + offset).getBytes(StandardCharsets.UTF_8));
    }
}
