package io.firstcome.processor;

import java.util.Map;
import java.util.stream.Collectors;

import org.apache.kafka.common.config.TopicConfig;

import io.firstcome.contract.topic.Topics;
import io.firstcome.processor.topology.CouponTopology;

/**
 * The topics from which the stores are restored. The authority creates and checks them itself before Kafka Streams
 * starts: Kafka Streams would accept an existing changelog with any settings, and a changelog with one replica loses
 * the holders of all coupons with one disk.
 */
final class Changelogs {

    /** As Kafka Streams creates them, and none that loses acknowledged records or refuses one for its time. */
    static final Map<String, String> SETTINGS = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime",
            TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false",
            // The records have the time of their commands.
            Topics.TIME_AHEAD_MAX, String.valueOf(Long.MAX_VALUE), Topics.TIME_BEHIND_MAX,
            String.valueOf(Long.MAX_VALUE));

    private Changelogs() {}

    /** The Kafka configuration of each changelog, by the name that Kafka Streams gives to it. */
    static Map<String, Map<String, String>> settings(String applicationId) {
        return CouponTopology.STORES.stream()
                .collect(Collectors.toMap(store -> applicationId + "-" + store + "-changelog", _ -> SETTINGS));
    }
}
