package io.firstcome.gate.projection;

import java.util.Map;

import org.apache.kafka.common.TopicPartition;

import io.firstcome.contract.Topics;

/**
 * Which log the gate is a projection of. Redis may outlive a Kafka cluster whose coupons had the same names: offsets and
 * facts of another log mean nothing and must not be believed.
 *
 * @param topicIds the ids that Kafka gave the topics, by name
 */
public record LogIdentity(Map<String, String> topicIds) {

    /** Names this log in the facts. */
    public String id() {
        return topicIds.get(Topics.OUTCOMES.name());
    }

    /** Under which field of the offsets a partition stands. */
    String field(TopicPartition partition) {
        return partition + "@" + topicIds.get(partition.topic());
    }
}
