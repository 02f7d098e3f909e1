package io.firstcome.processor;

import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.state.HostInfo;

/** What Kafka Streams is told, and why. */
final class StreamsProperties {

    /** How long a dead instance's open transaction can hold up everybody who reads committed. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    private StreamsProperties() {}

    /** @param replicas how many replicas the topics have, so that the changelogs have as many */
    static Properties of(ProcessorSettings settings, HostInfo self, int replicas) {
        Properties properties = settings.kafka().client();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // A store whose name Kafka Streams made up would be renamed, and so emptied, by the next change of the topology.
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        exactlyOnce(properties, settings);
        group(properties, settings);
        changelogs(properties, replicas);
        return properties;
    }

    private static void exactlyOnce(Properties properties, ProcessorSettings settings) {
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                TRANSACTION_TIMEOUT_MILLIS);
        // To go on after a failure would commit a store write without its outcome: a coupon that nobody gets.
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailExceptionHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndFailProcessingExceptionHandler.class);
    }

    private static void group(Properties properties, ProcessorSettings settings) {
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol().name);
        // Commands older than the first start, or than lost offsets, still count.
        properties.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
        switch (settings.groupProtocol()) {
            case CLASSIC -> {
                int session = Math.toIntExact(settings.sessionTimeout().toMillis());
                properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), session);
                properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                        session / 3);
                properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
            }
            case STREAMS -> {
                // Here the broker knows the session and the standbys from the group's own settings.
            }
        }
    }

    private static void changelogs(Properties properties, int replicas) {
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicas);
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), Math.max(1, replicas - 1));
    }
}
