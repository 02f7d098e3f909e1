package io.firstcome.kit.settings;

import java.util.Map;
import java.util.Properties;
import java.util.Set;

import org.apache.kafka.clients.CommonClientConfigs;

/**
 * How every Kafka client connects, of the services and of the command line.
 *
 * @param bootstrap {@code host:port} of one or more brokers, separated by commas
 * @param clientSettings further settings of Kafka's clients by Kafka's names, such as {@code security.protocol}
 */
public record KafkaConnection(String bootstrap, Map<String, String> clientSettings) {

    static final Setting<String> BOOTSTRAP = Setting.text("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092",
            "Kafka brokers as host:port, separated by commas.");

    public KafkaConnection {
        clientSettings = Map.copyOf(clientSettings);
    }

    /** A cluster that demands neither TLS nor a user. */
    public KafkaConnection(String bootstrap) {
        this(bootstrap, Map.of());
    }

    /**
     * Reads the address and {@code FIRSTCOME_KAFKA_…} from environment variables.
     *
     * @throws io.firstcome.kit.service.StartFailure naming the first variable that is not allowed
     */
    public static KafkaConnection from(Map<String, String> environment) {
        return new KafkaConnection(BOOTSTRAP.from(environment), KafkaClientSettings.from(environment));
    }

    /** The same settings for another cluster. */
    public KafkaConnection to(String otherBootstrap) {
        return new KafkaConnection(otherBootstrap, clientSettings);
    }

    /** New properties for Kafka Streams, which gives each of its clients the settings that the client knows. */
    public Properties client() {
        var properties = new Properties();
        properties.putAll(clientSettings);
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        return properties;
    }

    /** New properties for a client, without the settings that it does not know and would log. */
    public Properties client(Set<String> known) {
        Properties properties = client();
        properties.keySet().retainAll(known);
        return properties;
    }

    /** Contains no values, because some are secret. */
    @Override
    public String toString() {
        return "KafkaConnection[bootstrap=" + bootstrap + ", clientSettings=" + clientSettings.keySet() + "]";
    }
}
