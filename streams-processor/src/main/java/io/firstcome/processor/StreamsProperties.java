package io.firstcome.processor;

import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.state.HostInfo;

/** The configuration of Kafka Streams; public, so that the benchmarks measure other topologies with it. */
public final class StreamsProperties {

    /** How long the open transaction of a dead instance can delay {@code read_committed} consumers. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    /**
     * How long the broker may hold a fetch of the restore consumer for which there is no data. A restart begins with
     * such fetches, and Kafka's default of 500 ms would delay the restart by that time for each partition in turn.
     */
    private static final int RESTORE_FETCH_MAX_WAIT_MILLIS = 50;

    private StreamsProperties() {}

    /** @param replicas how many replicas the topics have; the changelogs get the same number */
    public static Properties of(ProcessorSettings settings, HostInfo self, int replicas) {
        Properties properties = settings.kafka().client();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // A change of the topology could change a generated store name, and a store under a new name is empty.
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        exactlyOnce(properties, settings);
        group(properties, settings);
        changelogs(properties, replicas);
        properties.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                RESTORE_FETCH_MAX_WAIT_MILLIS);
        return properties;
    }

    private static void exactlyOnce(Properties properties, ProcessorSettings settings) {
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                TRANSACTION_TIMEOUT_MILLIS);
        // Continuing after a failure would commit a store write without its outcome, and the coupon would be lost.
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailExceptionHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndFailProcessingExceptionHandler.class);
    }

    private static void group(Properties properties, ProcessorSettings settings) {
        properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, settings.groupProtocol().name);
        // Commands that precede the first start, or that follow lost offsets, must be decided too.
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
                // The broker takes the session timeout and the standby replicas from the configuration of the group.
            }
        }
    }

    private static void changelogs(Properties properties, int replicas) {
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicas);
        properties.put(StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG), Math.max(1, replicas - 1));
    }
}
