package io.firstcome.kit.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BuildVersionTest {

    @ParameterizedTest
    @CsvSource({
        "0.1.0, 8b1c9e4f02aa+, 0.1.0 (commit 8b1c9e4f02aa+)",
        "0.1.0, unknown, 0.1.0 (commit unknown)"})
    void shouldNameVersionAndCommit(String version, String commit, String text) {
        // given
        var properties = new Properties();
        properties.putAll(Map.of("version", version, "commit", commit));

        // when
        BuildVersion build = BuildVersion.of(properties);

        // then
        assertThat(build.text()).isEqualTo(text);
    }

    @Test
    void shouldSayThatABuildIsUnknown() {
        // when
        BuildVersion build = BuildVersion.of(new Properties());

        // then
        assertThat(build.text()).isEqualTo("unknown (commit unknown)");
    }
}
