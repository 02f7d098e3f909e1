package io.firstcome.kit.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnvironmentTest {

    private static final String SECRET = "correct horse battery staple";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {SECRET, SECRET + "\n", SECRET + "\r\n"})
    void shouldReadASettingFromAFile(String content) throws IOException {
        // given
        Path file = Files.writeString(directory.resolve("password"), content);

        // when
        Map<String, String> environment = Environment.withFiles(
                Map.of("FIRSTCOME_DB_PASSWORD_FILE", file.toString(), "FIRSTCOME_DB_PASSWORD", "", "PATH", "/bin"));

        // then
        assertThat(environment).isEqualTo(Map.of("FIRSTCOME_DB_PASSWORD", SECRET, "PATH", "/bin"));
    }

    @Test
    void shouldRefuseASettingWithTwoValues() throws IOException {
        // given
        Path file = Files.writeString(directory.resolve("token"), SECRET);
        var variables = Map.of("FIRSTCOME_ADMIN_TOKEN_FILE", file.toString(), "FIRSTCOME_ADMIN_TOKEN", "other");

        // then
        assertThatThrownBy(() -> Environment.withFiles(variables)).isInstanceOf(StartFailure.class)
                .hasMessage("settings FIRSTCOME_ADMIN_TOKEN and FIRSTCOME_ADMIN_TOKEN_FILE are both set: remove one.");
    }

    @Test
    void shouldNameAFileThatCannotBeRead() {
        // given
        Path missing = directory.resolve("missing");

        // then
        assertThatThrownBy(() -> Environment.withFiles(Map.of("FIRSTCOME_REDIS_URL_FILE", missing.toString())))
                .isInstanceOf(StartFailure.class).hasMessage("setting FIRSTCOME_REDIS_URL_FILE=" + missing
                        + " names a file that cannot be read (NoSuchFileException)");
    }

    @Test
    void shouldRefuseAnEmptyFile() throws IOException {
        // given
        Path file = Files.writeString(directory.resolve("empty"), "\n");

        // then
        assertThatThrownBy(() -> Environment.withFiles(Map.of("FIRSTCOME_DB_PASSWORD_FILE", file.toString())))
                .isInstanceOf(StartFailure.class)
                .hasMessage("setting FIRSTCOME_DB_PASSWORD_FILE=" + file + " names an empty file");
    }

    @Test
    void shouldLeaveOtherVariablesThatNameFiles() {
        // given
        var variables = Map.of("FIRSTCOME_LOG_LEVELS_FILE", "/etc/levels", "MYSQL_ROOT_PASSWORD_FILE", "/run/root",
                "FIRSTCOME_DB_USER_FILE", "");

        // when
        Map<String, String> environment = Environment.withFiles(variables);

        // then
        assertThat(environment).isEqualTo(
                Map.of("FIRSTCOME_LOG_LEVELS_FILE", "/etc/levels", "MYSQL_ROOT_PASSWORD_FILE", "/run/root"));
    }
}
