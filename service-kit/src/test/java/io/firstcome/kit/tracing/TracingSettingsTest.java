package io.firstcome.kit.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.firstcome.kit.service.StartFailure;

class TracingSettingsTest {

    @Test
    void shouldBeOffByDefault() {
        // when
        TracingSettings settings = TracingSettings.from(Map.of());

        // then
        assertThat(Tracing.start(settings, "test").isOn()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"often", "-0.1", "1.5", "NaN"})
    void shouldRefuseARatioThatIsNoShare(String ratio) {
        // then
        assertThatThrownBy(() -> TracingSettings.from(Map.of("FIRSTCOME_TRACING_RATIO", ratio)))
                .isInstanceOf(StartFailure.class).hasMessageContaining("FIRSTCOME_TRACING_RATIO=" + ratio)
                .hasMessageContaining("from 0 to 1");
    }
}
