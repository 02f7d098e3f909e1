package io.firstcome.processor;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndFailExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.state.HostInfo;

import io.firstcome.kit.settings.KafkaSettings;

/** The configuration of Kafka Streams; public, so that the benchmarks measure other topologies with it. */
public final class StreamsProperties {

    /** How long the open transaction of a dead instance can delay {@code read_committed} consumers. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;

    /**
     * How long the broker may hold a fetch of the restore consumer for which there is no data. A restart begins with
     * such fetches, and Kafka's default of 500 ms would delay the restart by that time for each partition in turn.
     */
    private static final int RESTORE_FETCH_MAX_WAIT_MILLIS = 50;

    /** How long outcomes are collected into one transaction while the authority is behind the log. */
    private static final long COMMIT_INTERVAL_BEHIND_MILLIS = 100;

    /**
     * How long a stream thread waits for records before it looks for due timers and commits. Kafka's default of 100 ms
     * would delay each commit by up to that time.
     */
    private static final int POLL_MILLIS = 5;
    /**
     * The broker refuses the first records of a transaction while it still writes the markers of the one before it. By
     * default the producer repeats them after 100 ms, and each outcome in between waits. Later repeats come after
     * longer and longer times, up to a second.
     */
    private static final int TRANSACTION_RETRY_BACKOFF_MILLIS = 5;

    private StreamsProperties() {}

    /**
     * @param self the address of the queries
     */
    public static Properties of(ProcessorSettings settings, HostInfo self) {
        Properties properties = settings.kafka().client();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
        properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.stateDir().toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
        properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        // A change of the topology could change a generated store name, and a store under a new name is empty.
        properties.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        exactlyOnce(properties, settings);
        portions(properties);
        group(properties, settings);
        changelogs(properties, settings.kafka());
        properties.put(StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                RESTORE_FETCH_MAX_WAIT_MILLIS);
        return properties;
    }

    private static void exactlyOnce(Properties properties, ProcessorSettings settings) {
        properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // CommitPacer requests the commits of an authority that keeps up.
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG,
                Math.max(COMMIT_INTERVAL_BEHIND_MILLIS, settings.commitInterval().toMillis()));
        properties.put(StreamsConfig.POLL_MS_CONFIG, POLL_MILLIS);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                TRANSACTION_TIMEOUT_MILLIS);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG),
                TRANSACTION_RETRY_BACKOFF_MILLIS);
        // Continuing after a failure would commit a store write without its outcome, and the coupon would be lost.
        properties.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndFailExceptionHandler.class);
        properties.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
                LogAndFailProcessingExceptionHandler.class);
    }

    /** An authority that is behind decides more records per second in larger portions than by the defaults. */
    private static void portions(Properties properties) {
        properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 5_000);
        properties.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 10_000);
        properties.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 256 * 1024);
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
                if (!settings.kafka().instanceId().isEmpty()) {
                    properties.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                            settings.kafka().instanceId());
                }
            }
            case STREAMS -> {
                // The broker takes the session timeout and the standby replicas from the configuration of the group.
            }
        }
    }

    /** Takes effect when a changelog is deleted while the authority runs: before the start it exists. */
    private static void changelogs(Properties properties, KafkaSettings kafka) {
        properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, kafka.replicas());
        Map<String, String> settings = new HashMap<>(Changelogs.SETTINGS);
        settings.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, String.valueOf(kafka.minInSyncReplicas()));
        settings.forEach((key, value) -> properties.put(StreamsConfig.topicPrefix(key), value));
    }
}
