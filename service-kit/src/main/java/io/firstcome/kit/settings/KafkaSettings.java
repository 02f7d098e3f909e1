package io.firstcome.kit.settings;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * How a service connects to Kafka, and how the topics are laid out there.
 *
 * @param connection how every client connects
 * @param partitions the partition count of every topic; it cannot change once the topics exist
 * @param replicas how many brokers keep a copy of every topic
 * @param instanceId the {@code group.instance.id} in every consumer group (KIP-345), or empty for dynamic membership
 */
public record KafkaSettings(KafkaConnection connection, int partitions, int replicas, String instanceId) {

    private static final Setting<Integer> PARTITIONS = Setting.number("FIRSTCOME_PARTITIONS", 6, 1, 1000, "partitions",
            "Partitions of every topic. Fixed when the topics are created: with another value no service starts.");
    private static final Setting<Integer> REPLICAS = Setting.number("FIRSTCOME_REPLICAS", 3, 1, 9, "replicas",
            "Brokers that keep a copy of every topic. A service waits for that many brokers before it creates topics,"
                    + " and does not start on a topic with fewer. With 2 or more, min.insync.replicas is 2."
                    + " 1 for a single broker: its disk is then the only copy.");
    private static final Setting<String> INSTANCE_ID = Setting.optionalText("FIRSTCOME_INSTANCE_ID", "",
            "Name of this instance in its consumer groups; no other running instance of the service may have the same."
                    + " An instance that restarts under its name after a kill gets its partitions back at once instead"
                    + " of after the session timeout. Empty: none. Has no effect on the STREAMS protocol.");

    /** Every setting, for the documentation. */
    public static final List<Setting<?>> ALL = List.of(KafkaConnection.BOOTSTRAP, PARTITIONS, REPLICAS, INSTANCE_ID);

    /** A single broker and dynamic membership, for tests and benchmarks. */
    public KafkaSettings(String bootstrap, int partitions) {
        this(bootstrap, partitions, 1, "");
    }

    /** A cluster that demands neither TLS nor a user, for tests and benchmarks. */
    public KafkaSettings(String bootstrap, int partitions, int replicas, String instanceId) {
        this(new KafkaConnection(bootstrap), partitions, replicas, instanceId);
    }

    /** Reads the settings from environment variables. */
    public static KafkaSettings from(Map<String, String> environment) {
        return new KafkaSettings(KafkaConnection.from(environment), PARTITIONS.from(environment),
                REPLICAS.from(environment), INSTANCE_ID.from(environment));
    }

    /**
     * How many replicas have an acknowledged record. Two, also of two replicas: a record on one disk only can be lost
     * with this disk. Two replicas accept nothing while one of their brokers is away, so a cluster needs three.
     */
    public int minInSyncReplicas() {
        return Math.min(2, replicas);
    }

    /** The addresses of the brokers. */
    public String bootstrap() {
        return connection.bootstrap();
    }

    /** See {@link KafkaConnection#client()}. */
    public Properties client() {
        return connection.client();
    }

    /** See {@link KafkaConnection#client(Set)}. */
    public Properties client(Set<String> known) {
        return connection.client(known);
    }
}
