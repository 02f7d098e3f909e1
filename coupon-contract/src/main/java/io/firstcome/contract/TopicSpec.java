package io.firstcome.contract;

import java.util.Map;

/** What Kafka must know to create a topic. Partitions and replicas are the installation's choice. */
public sealed interface TopicSpec permits Topic, DeadLetterTopic {

    /** The topic's name. */
    String name();

    /** Its Kafka settings, by Kafka's names. */
    Map<String, String> settings();
}
