package io.firstcome.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.kit.settings.Setting;

class IngressSettingsTest {

    @Test
    void shouldNeedNothingButAToken() {
        // when
        IngressSettings settings = IngressSettings.from(Map.of("FIRSTCOME_ADMIN_TOKEN", "secret"));

        // then
        assertThat(settings.http().port()).isEqualTo(8080);
        assertThat(settings.toString()).doesNotContain("secret");
    }

    @Test
    void shouldNotShowTheRedisPassword() {
        // when
        IngressSettings settings = IngressSettings
                .from(Map.of("FIRSTCOME_ADMIN_TOKEN", "t", "FIRSTCOME_REDIS", "redis://me:hidden@10.0.0.1:6379/2"));

        // then
        assertThat(settings.toString()).contains("10.0.0.1:6379").doesNotContain("hidden");
    }

    @ParameterizedTest
    @CsvSource({"FIRSTCOME_ADMIN_TOKEN,''", "FIRSTCOME_ADMIN_TOKEN,' '", "FIRSTCOME_REDIS,localhost:6379",
        "FIRSTCOME_REDIS,http://localhost:6379", "FIRSTCOME_REDIS,redis://localhost", "FIRSTCOME_REDIS_TIMEOUT_MS,51",
        "FIRSTCOME_PROCESSOR_URL,127.0.0.1:8082", "FIRSTCOME_HTTP_PORT,65536", "FIRSTCOME_STOCK_WAIT_MS,1001",
        "FIRSTCOME_ACK_TIMEOUT_MS,soon"})
    void shouldNameTheKeyOfABadValue(String key, String value) {
        // given
        Map<String, String> environment = key.equals("FIRSTCOME_ADMIN_TOKEN")
                ? Map.of(key, value)
                : Map.of("FIRSTCOME_ADMIN_TOKEN", "t", key, value);

        // then
        assertThatThrownBy(() -> IngressSettings.from(environment)).isInstanceOf(StartFailure.class)
                .hasMessageContaining(key);
    }

    @Test
    void shouldDocumentEachKeyOnce() {
        assertThat(IngressSettings.ALL).extracting(Setting::key).doesNotHaveDuplicates()
                .allMatch(key -> key.startsWith("FIRSTCOME_"));
    }
}
