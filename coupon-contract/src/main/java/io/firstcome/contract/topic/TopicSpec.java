package io.firstcome.contract.topic;

import java.util.Map;

/**
 * The part of a topic's declaration that is the same in every installation. The services create missing topics from it
 * and refuse to start on a topic that differs. Partition count and replication factor are settings of the installation.
 */
public sealed interface TopicSpec permits Topic, DeadLetterTopic {

    /** The topic's name. */
    String name();

    /** The topic's Kafka configuration: names and values as in Kafka's topic configs. */
    Map<String, String> settings();
}
