package io.firstcome.kit.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.firstcome.kit.service.StartFailure;

class RenamedSettingsTest {

    @Test
    void shouldNameTheNewNameOfARenamedSetting() {
        assertThatThrownBy(() -> RenamedSettings.reject(Map.of("FIRSTCOME_KAFKA", "127.0.0.1:9092")))
                .isInstanceOf(StartFailure.class).hasMessage(
                        "setting FIRSTCOME_KAFKA is now called FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS: rename it.");
    }

    @Test
    void shouldReportARemovedSetting() {
        assertThatThrownBy(() -> RenamedSettings.reject(Map.of("FIRSTCOME_GATE_SWEEP_MS", "30000")))
                .isInstanceOf(StartFailure.class)
                .hasMessageMatching("setting FIRSTCOME_GATE_SWEEP_MS no longer exists \\(.+\\): remove it\\.");
    }

    @Test
    void shouldAcceptNewNamesAndOtherVariables() {
        var environment = Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092", "PATH", "/bin");
        assertThatCode(() -> RenamedSettings.reject(environment)).doesNotThrowAnyException();
    }
}
