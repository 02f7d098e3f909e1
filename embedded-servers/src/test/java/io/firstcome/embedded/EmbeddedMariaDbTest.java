package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.embedded.process.ServerStartFailure;

class EmbeddedMariaDbTest {

    private static final String KOREAN_AND_EMOJI = "선착순 🎟";

    private Path directory;

    @BeforeEach
    void useADirectoryWithASpace(@TempDir Path parent) {
        directory = parent.resolve("with a space");
    }

    @Test
    void shouldKeepRowsAcrossACloseAndAKill() throws SQLException {
        // given
        try (EmbeddedMariaDb first = EmbeddedMariaDb.start(directory, 0)) {
            run(first, "CREATE TABLE names (name VARCHAR(20))",
                    "INSERT INTO names VALUES ('" + KOREAN_AND_EMOJI + "')");
        }

        // when
        EmbeddedMariaDb second = EmbeddedMariaDb.start(directory, 0);
        List<String> afterClose = names(second);
        run(second, "INSERT INTO names VALUES ('after')");
        second.kill();

        // then
        assertThat(afterClose).containsExactly(KOREAN_AND_EMOJI);
        try (EmbeddedMariaDb third = EmbeddedMariaDb.start(directory, second.port())) {
            assertThat(names(third)).containsExactly(KOREAN_AND_EMOJI, "after");
        }
    }

    @Test
    void shouldRepeatAnIncompleteInstallation() throws IOException, SQLException {
        // given
        Files.createDirectories(directory.resolve("data.partial/mysql"));
        Files.writeString(directory.resolve("data.partial/ibdata1"), "incomplete");

        // when
        try (EmbeddedMariaDb mariaDb = EmbeddedMariaDb.start(directory, 0)) {
            // then
            run(mariaDb, "CREATE TABLE names (name VARCHAR(20))");
            assertThat(names(mariaDb)).isEmpty();
        }
    }

    @Test
    void shouldLeaveTemporaryTablesOfOtherServersAlone() throws IOException {
        // given
        Path shared = Path.of(Optional.ofNullable(System.getenv("TMPDIR")).orElse("/tmp"));
        Path table = Files.createTempFile(shared, "#sql-temptable-", ".MAI");

        // when
        EmbeddedMariaDb.start(directory, 0).close();

        // then
        assertThat(Files.deleteIfExists(table)).as("the table still exists").isTrue();
    }

    @Test
    void shouldNameTheCauseAndTheLogFileWhenTheDataAreCorrupt() throws IOException {
        // given
        Files.createDirectories(directory.resolve("data"));
        Files.writeString(directory.resolve("data/ibdata1"), "not a tablespace");

        // then
        assertThatThrownBy(() -> EmbeddedMariaDb.start(directory, 0)).isInstanceOf(ServerStartFailure.class)
                .hasMessageMatching(
                        "MariaDB ended while starting, exit status 1 \\(.*ERROR.*ib_logfile0.*\\): see .*mariadb.log");
    }

    private static void run(EmbeddedMariaDb mariaDb, String... statements) throws SQLException {
        try (var connection = DriverManager.getConnection(mariaDb.jdbcUrl());
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static List<String> names(EmbeddedMariaDb mariaDb) throws SQLException {
        try (var connection = DriverManager.getConnection(mariaDb.jdbcUrl());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT name FROM names")) {
            List<String> names = new ArrayList<>();
            while (rows.next()) {
                names.add(rows.getString("name"));
            }
            return names;
        }
    }
}
