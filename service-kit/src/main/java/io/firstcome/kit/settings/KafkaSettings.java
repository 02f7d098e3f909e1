package io.firstcome.kit.settings;

import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How a service connects to Kafka.
 *
 * @param bootstrap {@code host:port} of one or more brokers, separated by commas
 * @param partitions the partition count of every topic; it cannot change once the topics exist
 */
public record KafkaSettings(String bootstrap, int partitions) {

    private static final Setting<String> BOOTSTRAP = Setting.text("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092",
            "Kafka brokers as host:port, separated by commas.");
    private static final Setting<Integer> PARTITIONS = Setting.number("FIRSTCOME_PARTITIONS", 6, 1, 1000, "partitions",
            "Partitions of every topic. Fixed when the topics are created: with another value no service starts.");

    /** Every setting, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(BOOTSTRAP, PARTITIONS);

    /** Reads the settings from environment variables. */
    public static KafkaSettings from(Map<String, String> environment) {
        return new KafkaSettings(BOOTSTRAP.from(environment), PARTITIONS.from(environment));
    }

    /** New client properties that contain only the address. */
    public Properties client() {
        var properties = new Properties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return properties;
    }
}
