package io.firstcome.gate.projection;

import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.topic.Topics;

/**
 * The log that the gate is a projection of. Redis may outlive a Kafka cluster whose coupons had the same ids. Positions
 * and facts of another log must not be used.
 *
 * @param topicIds the ids that Kafka gave to the topics when they were created, by name
 */
public record LogIdentity(Map<String, String> topicIds) {

    /** The id of this log in the facts. */
    public String id() {
        return topicIds.get(Topics.OUTCOMES.name());
    }

    /** The field that stores the position of a partition. */
    String field(TopicPartition partition) {
        return partition + "@" + topicIds.get(partition.topic());
    }
}
