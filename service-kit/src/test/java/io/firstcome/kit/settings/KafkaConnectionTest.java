package io.firstcome.kit.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.kit.service.Environment;
import io.firstcome.kit.service.StartFailure;

class KafkaConnectionTest {

    private static final String JAAS = "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"ingress\" password=\"hidden\";";

    @Test
    void shouldPassSettingsByTheNamesOfKafka() {
        // given
        Map<String, String> environment = Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "b:9093",
                "FIRSTCOME_KAFKA_SECURITY_PROTOCOL", "SASL_SSL", "FIRSTCOME_KAFKA_SASL_JAAS_CONFIG", JAAS,
                "FIRSTCOME_KAFKA_SSL_TRUSTSTORE_LOCATION", "/run/trust.p12", "FIRSTCOME_KAFKA_CLIENT_RACK", "rack-1",
                "FIRSTCOME_KAFKA_RACK_AWARE_ASSIGNMENT_NON_OVERLAP_COST", "10", "FIRSTCOME_KAFKA_SASL_MECHANISM", "");

        // when
        KafkaConnection connection = KafkaConnection.from(environment);

        // then
        assertThat(connection.client()).containsOnly(Map.entry("bootstrap.servers", "b:9093"),
                Map.entry("security.protocol", "SASL_SSL"), Map.entry("sasl.jaas.config", JAAS),
                Map.entry("ssl.truststore.location", "/run/trust.p12"), Map.entry("client.rack", "rack-1"),
                Map.entry("rack.aware.assignment.non_overlap_cost", "10"));
        assertThat(connection.toString()).contains("sasl.jaas.config").doesNotContain("hidden");
    }

    @Test
    void shouldGiveEachClientTheSettingsThatItKnows() {
        // given
        var connection = new KafkaConnection("b:9093",
                Map.of("security.protocol", "SSL", "client.rack", "rack-1", "compression.type", "lz4"));

        // when
        Set<Object> ofAdmin = connection.client(AdminClientConfig.configNames()).keySet();
        Set<Object> ofConsumer = connection.client(ConsumerConfig.configNames()).keySet();
        Set<Object> ofProducer = connection.client(ProducerConfig.configNames()).keySet();

        // then
        assertThat(ofAdmin).containsOnly("bootstrap.servers", "security.protocol");
        assertThat(ofConsumer).containsOnly("bootstrap.servers", "security.protocol", "client.rack");
        assertThat(ofProducer).containsOnly("bootstrap.servers", "security.protocol", "compression.type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ACKS", "ENABLE_IDEMPOTENCE", "MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION", "RETRIES",
        "ISOLATION_LEVEL", "TRANSACTIONAL_ID", "TRANSACTION_TIMEOUT_MS", "AUTO_OFFSET_RESET", "ENABLE_AUTO_COMMIT",
        "GROUP_ID", "GROUP_INSTANCE_ID", "PARTITIONER_CLASS", "KEY_SERIALIZER", "VALUE_DESERIALIZER",
        "INTERCEPTOR_CLASSES", "ALLOW_AUTO_CREATE_TOPICS", "PROCESSING_GUARANTEE", "APPLICATION_ID",
        "DELIVERY_TIMEOUT_MS", "CLIENT_ID", "CONFIG_PROVIDERS"})
    void shouldRefuseWhatTheGuaranteesRestOn(String name) {
        // given
        String variable = "FIRSTCOME_KAFKA_" + name;

        // then
        assertThatThrownBy(() -> KafkaConnection.from(Map.of(variable, "1"))).isInstanceOf(StartFailure.class)
                .hasMessageMatching("setting " + variable + " is not allowed: .+\\. Remove it\\.");
    }

    @ParameterizedTest
    @CsvSource({"SECURTY_PROTOCOL,perhaps FIRSTCOME_KAFKA_SECURITY_PROTOCOL",
        "SSL_TRUSTSTORE_LOCATIONS,perhaps FIRSTCOME_KAFKA_SSL_TRUSTSTORE_LOCATION",
        "NUM_STREAM_THREADS,Kafka's clients have no setting num.stream.threads"})
    void shouldRefuseANameThatNoClientHas(String name, String message) {
        assertThatThrownBy(() -> KafkaConnection.from(Map.of("FIRSTCOME_KAFKA_" + name, "hidden")))
                .isInstanceOf(StartFailure.class).hasMessageContaining("setting FIRSTCOME_KAFKA_" + name + ": ")
                .hasMessageContaining(message).hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @CsvSource({"SECURITY_PROTOCOL,TLS", "METADATA_MAX_AGE_MS,soon", "METADATA_MAX_AGE_MS,-5"})
    void shouldNameTheVariableOfAnInvalidValue(String name, String value) {
        assertThatThrownBy(() -> KafkaConnection.from(Map.of("FIRSTCOME_KAFKA_" + name, value)))
                .isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("setting FIRSTCOME_KAFKA_" + name + ": Invalid value " + value);
    }

    @Test
    void shouldDecideAboutEverySettingOfTheClients() {
        // given
        Set<String> names = new TreeSet<>(AdminClientConfig.configNames());
        names.addAll(ConsumerConfig.configNames());
        names.addAll(ProducerConfig.configNames());
        names.removeIf(name -> name.startsWith("internal.") || name.equals("bootstrap.servers"));

        // when
        List<String> unknown = new ArrayList<>();
        Map<String, String> paths = new HashMap<>();
        for (String name : names) {
            String variable = "FIRSTCOME_KAFKA_" + name.toUpperCase(Locale.ROOT).replace('.', '_');
            if (variable.endsWith("_FILE")) {
                paths.put(variable, "/a/path");
            }
            try {
                KafkaConnection.from(Map.of(variable, "1"));
            } catch (StartFailure e) {
                if (e.getMessage().contains("have no setting")) {
                    unknown.add(name);
                }
            }
        }

        // then
        assertThat(unknown).isEmpty();
        assertThat(Environment.withFiles(paths)).as("a setting of Kafka whose value is a path").isEqualTo(paths)
                .isNotEmpty();
    }
}
