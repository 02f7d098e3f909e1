package io.firstcome.kit.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.kit.service.StartFailure;

class SettingTest {

    private static final Setting<Integer> PORT = Setting.port("FIRSTCOME_X_PORT", 8080, "Where it listens.");
    private static final Setting<TimeUnit> UNIT = Setting.choice("FIRSTCOME_X_UNIT", TimeUnit.SECONDS, "A unit.");

    @Test
    void shouldUseTheDefault() {
        assertThat(PORT.from(Map.of())).isEqualTo(8080);
        assertThat(UNIT.from(Map.of())).isEqualTo(TimeUnit.SECONDS);
    }

    @Test
    void shouldReadTheEnvironment() {
        assertThat(PORT.from(Map.of("FIRSTCOME_X_PORT", " 9 "))).isEqualTo(9);
        assertThat(UNIT.from(Map.of("FIRSTCOME_X_UNIT", "days"))).isEqualTo(TimeUnit.DAYS);
    }

    @Test
    void shouldNameTheKeyOfAnInvalidValueInOneLine() {
        assertThatThrownBy(() -> PORT.from(Map.of("FIRSTCOME_X_PORT", "70000"))).isInstanceOf(StartFailure.class)
                .hasMessage("setting FIRSTCOME_X_PORT=70000 must be from 0 to 65535");
        assertThatThrownBy(() -> PORT.from(Map.of("FIRSTCOME_X_PORT", "http"))).isInstanceOf(StartFailure.class)
                .hasMessage("setting FIRSTCOME_X_PORT=http must be a whole number of port");
        assertThatThrownBy(() -> UNIT.from(Map.of("FIRSTCOME_X_UNIT", "weeks"))).isInstanceOf(StartFailure.class)
                .hasMessageStartingWith("setting FIRSTCOME_X_UNIT=weeks must be one of ");
    }

    @Test
    void shouldNotShowAnInvalidSecret() {
        // given
        var secret = new Setting<>("FIRSTCOME_X_KEY", "", Setting.SECRET, "A secret.", text -> {
            throw new IllegalArgumentException("is weak");
        });

        // then
        assertThatThrownBy(() -> secret.from(Map.of("FIRSTCOME_X_KEY", "hush"))).isInstanceOf(StartFailure.class)
                .hasMessage("setting FIRSTCOME_X_KEY=*** is weak");
    }

    @ParameterizedTest
    @CsvSource({"redis://me:hush@host,redis://***@host", "redis://me:hu sh@host,redis://***@host",
        "redis://me:hu/sh@x@host,redis://***@host", "me:hush@host,***@host",
        "jdbc:mysql://me:hush@host/x,jdbc:mysql://***@host/x",
        "jdbc:mysql://host/x?user=me&password=hush&a=b,jdbc:mysql://host/x?user=me&password=***&a=b",
        "https://host/keys?access_token=hush,https://host/keys?access_token=***", "redis://host,redis://host"})
    void shouldNotShowCredentialsOfAnInvalidAddress(String address, String shown) {
        // given
        var setting = new Setting<>("FIRSTCOME_X_URL", "", "URL", "An address.", text -> {
            throw new IllegalArgumentException("is refused: " + text);
        });

        // then
        assertThatThrownBy(() -> setting.from(Map.of("FIRSTCOME_X_URL", address))).isInstanceOf(StartFailure.class)
                .hasMessage("setting FIRSTCOME_X_URL=" + shown + " is refused: " + shown);
    }
}
