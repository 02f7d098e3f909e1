package io.firstcome.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;

import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

class ProcessorSettingsTest {

    @Test
    void shouldHaveDefaultForEverySetting() {
        // when
        var settings = ProcessorSettings.from(Map.of());

        // then
        assertThat(settings.applicationId()).isEqualTo("firstcome-authority");
        assertThat(settings.port()).isEqualTo(8082);
        assertThat(settings.commitInterval()).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void shouldNameKeyOfInvalidValue() {
        assertThatThrownBy(() -> ProcessorSettings.from(Map.of("FIRSTCOME_COMMIT_INTERVAL_MS", "soon")))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_COMMIT_INTERVAL_MS=soon");
    }

    @Test
    void shouldRefusePeersThatAreNoHosts() {
        assertThatThrownBy(() -> ProcessorSettings.from(Map.of("FIRSTCOME_PROCESSOR_PEERS", "authority-1,http://x/")))
                .isInstanceOf(StartFailure.class).hasMessageStartingWith("setting FIRSTCOME_PROCESSOR_PEERS=");
    }

    @Test
    void shouldDocumentEveryKeyOnce() {
        assertThat(ProcessorSettings.ALL).extracting(Setting::key).doesNotHaveDuplicates()
                .allMatch(key -> key.startsWith("FIRSTCOME_"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"CLASSIC", "STREAMS"})
    void shouldBuildConfigurationThatKafkaStreamsAccepts(String protocol) {
        // given
        var settings = ProcessorSettings
                .from(Map.of("FIRSTCOME_GROUP_PROTOCOL", protocol, "FIRSTCOME_STANDBY_REPLICAS", "1"));

        // when
        Properties properties = StreamsProperties.of(settings, new HostInfo("127.0.0.1", 8082));

        // then
        var config = new StreamsConfig(properties);
        assertThat(config.getString(StreamsConfig.PROCESSING_GUARANTEE_CONFIG))
                .isEqualTo(StreamsConfig.EXACTLY_ONCE_V2);
        assertThat(config.getProducerConfigs("client")).containsEntry("transaction.timeout.ms", 10_000);
        assertThat(config.getMainConsumerConfigs("group", "client", 0)).containsEntry("auto.offset.reset", "earliest")
                .containsEntry("isolation.level", "read_committed");
    }
}
