package io.firstcome.contract;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Where records go that nobody can read: key and value as received, why and whence in the headers.
 *
 * @param name the topic's name
 * @param settings the topic's Kafka settings, apart from partitions and replicas
 */
public record DeadLetterTopic(String name, Map<String, String> settings) implements TopicSpec {

    /** Header: what was wrong, for people. */
    public static final String REASON = "firstcome.reason";
    /** Header: where the record stood, as {@code topic-partition@offset}. */
    public static final String ORIGIN = "firstcome.origin";

    /** The two headers of a dead letter. */
    public static Headers headers(String reason, String topic, int partition, long offset) {
        return new RecordHeaders().add(REASON, reason.getBytes(StandardCharsets.UTF_8))
                .add(ORIGIN, (topic + "-" + partition + "@" + offset).getBytes(StandardCharsets.UTF_8));
    }
}
