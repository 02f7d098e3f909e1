package io.firstcome.kit.settings;

import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How a service reaches Kafka.
 *
 * @param bootstrap {@code host:port} of one or more brokers, with commas between
 * @param partitions how many partitions the topics have; frozen once the topics exist
 */
public record KafkaSettings(String bootstrap, int partitions) {

    private static final Setting<String> BOOTSTRAP = Setting.text("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092",
            "Kafka brokers as host:port, with commas between.");
    private static final Setting<Integer> PARTITIONS = Setting.number("FIRSTCOME_PARTITIONS", 6, 1, 1000, "partitions",
            "Partitions of every topic. Frozen at the first start: with another count no service starts.");

    /** Every key, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(BOOTSTRAP, PARTITIONS);

    /** The settings of an environment. */
    public static KafkaSettings from(Map<String, String> environment) {
        return new KafkaSettings(BOOTSTRAP.from(environment), PARTITIONS.from(environment));
    }

    /** Client properties with nothing but the address, to build upon. */
    public Properties client() {
        var properties = new Properties();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return properties;
    }
}
