package io.firstcome.standalone.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import io.firstcome.kit.service.StartFailure;
import io.firstcome.standalone.cli.run.RunCommand.Role;
import io.firstcome.standalone.stack.Endpoints;

class RunCommandTest {

    @ParameterizedTest
    @EnumSource
    void shouldNameEverySettingThatIsMissing(Role role) {
        assertThatThrownBy(() -> RunCommand.requireSettings(role, Map.of())).isInstanceOf(StartFailure.class)
                .hasMessageContainingAll(role.required().toArray(String[]::new))
                .hasMessageStartingWith("run " + role + " needs FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS")
                .hasMessageContaining("Kafka brokers as host:port");
    }

    @Test
    void shouldStartWithTheRequiredSettings() {
        // given
        var environment = Map.of("FIRSTCOME_KAFKA_BOOTSTRAP_SERVERS", "k:9092", "FIRSTCOME_JDBC_URL", "jdbc:mysql://m");

        // then
        assertThatCode(() -> RunCommand.requireSettings(Role.SINK, environment)).doesNotThrowAnyException();
    }

    @Test
    void shouldPrintTheConsoleFirstAndNoToken() {
        // given
        var endpoints = new Endpoints("http://h", "http://a", "hush", "http://p", "http://s", "k:1", "redis://r:2",
                "jdbc:mysql://m");

        // when
        String text = NextSteps.text(endpoints, Path.of("elsewhere"));

        // then
        assertThat(text.strip()).startsWith("console       http://a/").doesNotContain("hush")
                .contains("./firstcome coupon create welcome --stock 100 --data-dir elsewhere",
                        "./firstcome claim welcome mina --data-dir elsewhere");
    }

    @Test
    void shouldPrintCommandsThatAShellTakes() {
        // given
        var endpoints = new Endpoints("http://h", "http://a", "hush", "http://p", "http://s", "k:1", "redis://r:2",
                "jdbc:mysql://m");

        // when
        String text = NextSteps.text(endpoints, Path.of("/home/mina's data"));

        // then
        assertThat(text).contains("./firstcome status --data-dir '/home/mina'\\''s data'\n",
                "sed -n 's/^admin.token=//p' '/home/mina'\\''s data/endpoints.properties'\n");
    }
}
