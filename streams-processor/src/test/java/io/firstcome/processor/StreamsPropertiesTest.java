package io.firstcome.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;

import io.firstcome.kit.settings.KafkaConnection;

class StreamsPropertiesTest {

    @Test
    void shouldGiveTheSettingsOfTheOperatorToEveryInnerClient() {
        // given
        Map<String, String> environment = Map.of("FIRSTCOME_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "FIRSTCOME_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512", "FIRSTCOME_KAFKA_CLIENT_RACK", "rack-1");

        // when
        var config = new StreamsConfig(
                StreamsProperties.of(ProcessorSettings.from(environment), new HostInfo("127.0.0.1", 1)));

        // then
        for (Map<String, Object> client : List.of(config.getMainConsumerConfigs("group", "client", 0),
                config.getRestoreConsumerConfigs("client"), config.getProducerConfigs("client"),
                config.getAdminConfigs("client"))) {
            assertThat(client).containsEntry("security.protocol", "SASL_SSL").containsEntry("sasl.mechanism",
                    "SCRAM-SHA-512");
        }
        assertThat(config.getMainConsumerConfigs("group", "client", 0)).containsEntry("client.rack", "rack-1")
                .containsEntry("isolation.level", "read_committed");
        assertThat(config.getRestoreConsumerConfigs("client")).containsEntry("client.rack", "rack-1");
    }

    @Test
    void shouldPassOnlySettingsThatKafkaStreamsHas() {
        // given
        Map<String, String> environment = Map.of("FIRSTCOME_KAFKA_RACK_AWARE_ASSIGNMENT_STRATEGY", "min_traffic",
                "FIRSTCOME_KAFKA_RACK_AWARE_ASSIGNMENT_TAGS", "zone",
                "FIRSTCOME_KAFKA_RACK_AWARE_ASSIGNMENT_TRAFFIC_COST", "1",
                "FIRSTCOME_KAFKA_RACK_AWARE_ASSIGNMENT_NON_OVERLAP_COST", "10");

        // when
        Map<String, String> settings = KafkaConnection.from(environment).clientSettings();

        // then
        assertThat(settings).hasSize(4);
        assertThat(StreamsConfig.configDef().names()).containsAll(settings.keySet());
    }
}
