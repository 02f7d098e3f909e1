package io.firstcome.embedded;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.firstcome.embedded.process.DataDir;
import io.firstcome.embedded.process.FreePort;
import io.firstcome.embedded.process.Loopback;
import io.firstcome.embedded.process.ServerStartFailure;

/** All servers report a start failure with the same message, before a process is started. */
class StartFailureTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @MethodSource("servers")
    void shouldNameAPortInUse(Server server) throws IOException {
        // given
        try (ServerSocket other = new ServerSocket(FreePort.pick(), 1, Loopback.at(0).getAddress())) {
            // then
            assertThatThrownBy(() -> server.start(directory, other.getLocalPort()))
                    .isInstanceOf(ServerStartFailure.class)
                    .hasMessageMatching("port " + other.getLocalPort() + " for \\w+ is in use: .*another port");
        }
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldNameAPathThatIsNotADirectory(Server server) throws IOException {
        // given
        Path file = Files.writeString(directory.resolve("file"), "not a directory");

        // then
        assertThatThrownBy(() -> server.start(file, 0)).isInstanceOf(ServerStartFailure.class)
                .hasMessageStartingWith("data directory " + file + " cannot be used");
    }

    @ParameterizedTest
    @MethodSource("servers")
    void shouldRejectALockedDirectory(Server server) {
        // given
        try (DataDir _ = DataDir.lock(directory)) {
            // then
            assertThatThrownBy(() -> server.start(directory, 0)).isInstanceOf(ServerStartFailure.class)
                    .hasMessageContaining("is in use by another server");
        }
    }

    private static Stream<Named<Server>> servers() {
        return Stream.of(Named.of("Kafka", EmbeddedKafka::start), Named.of("Redis", EmbeddedRedis::start),
                Named.of("MariaDB", EmbeddedMariaDb::start));
    }

    @FunctionalInterface
    private interface Server {
        AutoCloseable start(Path directory, int port);
    }
}
