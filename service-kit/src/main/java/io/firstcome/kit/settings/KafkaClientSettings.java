package io.firstcome.kit.settings;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.ConfigException;

import io.firstcome.kit.service.StartFailure;

/**
 * The settings of Kafka's clients that an operator chooses: {@code FIRSTCOME_KAFKA_SECURITY_PROTOCOL} is
 * {@code security.protocol}. Settings that the guarantees rest on are refused, and so are names that no client has: a
 * misspelled one would silently have no effect.
 */
final class KafkaClientSettings {

    private static final String PREFIX = "FIRSTCOME_KAFKA_";
    private static final int SIMILAR = 3;

    /** Of Kafka Streams, and no setting of another client. They decide on which rack standby copies are. */
    static final Set<String> OF_STREAMS = Set.of("rack.aware.assignment.strategy", "rack.aware.assignment.tags",
            "rack.aware.assignment.traffic_cost", "rack.aware.assignment.non_overlap_cost");

    /** Why a setting is refused. */
    private static final Map<String, String> REFUSED = refused();

    private static final Map<String, ConfigKey> KNOWN = known();

    private KafkaClientSettings() {}

    private static Map<String, String> refused() {
        Map<String, String> reasons = new TreeMap<>();
        refuse(reasons, "an acknowledged claim must be on all replicas that are in sync", "acks");
        refuse(reasons, "a send that is repeated must neither double records nor change their order",
                "enable.idempotence", "max.in.flight.requests.per.connection", "retries");
        refuse(reasons, "the authority decides each command once by its transactions", "processing.guarantee",
                "transactional.id", "transaction.timeout.ms", "transaction.two.phase.commit.enable");
        refuse(reasons, "a service must not read what is not committed", "isolation.level");
        refuse(reasons, "each service knows which record it reads next, and a record that is skipped is a lost claim",
                "auto.offset.reset", "enable.auto.commit", "auto.commit.interval.ms");
        refuse(reasons, "set FIRSTCOME_APPLICATION_ID, FIRSTCOME_SINK_GROUP, FIRSTCOME_GATE_GROUP,"
                + " FIRSTCOME_GROUP_PROTOCOL or FIRSTCOME_INSTANCE_ID", "application.id", "group.id",
                "group.instance.id", "group.protocol", "group.remote.assignor", "partition.assignment.strategy");
        refuse(reasons, "set FIRSTCOME_SESSION_TIMEOUT_MS", "session.timeout.ms", "heartbeat.interval.ms");
        refuse(reasons, "the loops of the services rely on how many records they get and how often they poll",
                "max.poll.interval.ms", "max.poll.records");
        refuse(reasons, "each record names its partition, in which its coupon is decided", "partitioner.class",
                "partitioner.ignore.keys", "partitioner.adaptive.partitioning.enable",
                "partitioner.availability.timeout.ms");
        refuse(reasons, "the services write and read the bytes of the declared topics", "key.serializer",
                "value.serializer", "key.deserializer", "value.deserializer", "interceptor.classes", "check.crcs",
                "exclude.internal.topics");
        refuse(reasons, "a topic must have the declared partitions and replicas", "allow.auto.create.topics");
        refuse(reasons, "it names the service and the role in metrics and in the brokers' logs", "client.id");
        refuse(reasons, "set FIRSTCOME_ACK_TIMEOUT_MS: the timeouts of the services depend on each other",
                "request.timeout.ms", "delivery.timeout.ms", "default.api.timeout.ms", "max.block.ms", "linger.ms",
                "fetch.max.wait.ms", "fetch.min.bytes");
        refuse(reasons, "set FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "bootstrap.controllers");
        refuse(reasons, "set " + PREFIX + "…_FILE for a value in a file", "config.providers");
        return Map.copyOf(reasons);
    }

    private static void refuse(Map<String, String> reasons, String reason, String... names) {
        List.of(names).forEach(name -> reasons.put(name, reason));
    }

    /** By the part of the variable after the prefix. */
    private static Map<String, ConfigKey> known() {
        Map<String, ConfigKey> known = new HashMap<>();
        for (ConfigDef client : List.of(AdminClientConfig.configDef(), ConsumerConfig.configDef(),
                ProducerConfig.configDef())) {
            client.configKeys().forEach((name, key) -> known.put(suffix(name), key));
        }
        known.keySet().removeIf(suffix -> suffix.startsWith("INTERNAL_"));
        var text = new ConfigDef();
        OF_STREAMS.forEach(name -> text.define(name, ConfigDef.Type.STRING, ConfigDef.Importance.LOW, name));
        REFUSED.keySet().stream().filter(name -> !known.containsKey(suffix(name)))
                .forEach(name -> text.define(name, ConfigDef.Type.STRING, ConfigDef.Importance.LOW, name));
        text.configKeys().forEach((name, key) -> known.put(suffix(name), key));
        return Map.copyOf(known);
    }

    private static String suffix(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /**
     * The settings of an environment by Kafka's names. An empty value is none.
     *
     * @throws StartFailure in one line that names the variable and never shows its value when that is secret
     */
    static Map<String, String> from(Map<String, String> environment) {
        Map<String, String> settings = new TreeMap<>();
        environment.forEach((variable, value) -> {
            if (variable.startsWith(PREFIX) && !variable.equals(KafkaConnection.BOOTSTRAP.key())
                    && !value.isBlank()) {
                ConfigKey key = key(variable);
                requireValid(variable, key, value.strip());
                settings.put(key.name, value.strip());
            }
        });
        return settings;
    }

    private static ConfigKey key(String variable) {
        String suffix = variable.substring(PREFIX.length());
        ConfigKey key = KNOWN.get(suffix);
        if (key == null) {
            throw new StartFailure("setting " + variable + ": Kafka's clients have no setting "
                    + suffix.toLowerCase(Locale.ROOT).replace('_', '.')
                    + similar(suffix).map(it -> "; perhaps " + PREFIX + it).orElse(""));
        }
        String reason = REFUSED.get(key.name);
        if (reason != null) {
            throw new StartFailure("setting " + variable + " is not allowed: " + reason + ". Remove it.");
        }
        return key;
    }

    private static void requireValid(String variable, ConfigKey key, String value) {
        try {
            Object parsed = ConfigDef.parseType(key.name, value, key.type);
            if (key.validator != null) {
                key.validator.ensureValid(key.name, parsed);
            }
        } catch (ConfigException e) {
            // A password is not parsed, so no message contains one.
            throw new StartFailure("setting " + variable + ": " + e.getMessage(), e);
        }
    }

    private static Optional<String> similar(String suffix) {
        return KNOWN.values().stream().filter(key -> !REFUSED.containsKey(key.name)).map(key -> suffix(key.name))
                .min(Comparator.<String>comparingInt(it -> distance(it, suffix)).thenComparing(it -> it))
                .filter(it -> distance(it, suffix) <= SIMILAR);
    }

    /** How many characters must be inserted, removed or replaced (Levenshtein). */
    private static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[other.length()];
    }
}
