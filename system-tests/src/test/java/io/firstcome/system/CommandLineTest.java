package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.firstcome.embedded.process.DataDir;
import io.firstcome.embedded.process.FreePort;

/** An error before the start is printed in one line that names a remedy, and the exit code is 2. */
class CommandLineTest {

    @TempDir
    private Path directory;

    @Test
    void shouldRejectAnUnknownOption() throws Exception {
        // when
        Result result = run("up", "--frsh");

        // then
        assertRejected(result, "Unknown option: '--frsh'");
    }

    @Test
    void shouldRejectAnUnknownCommand() throws Exception {
        // when
        Result result = run("upp");

        // then
        assertRejected(result, "Unmatched argument at index 0: 'upp'");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "--users | many | Invalid value for option '--users'",
        "--stock | 0 | --stock must be from 1 to 1000000, not 0"})
    void shouldRejectAnInvalidNumber(String option, String value, String problem) throws Exception {
        // when
        Result result = run("demo", option, value);

        // then
        assertRejected(result, problem);
    }

    @Test
    void shouldNameAServicePortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // given
            String port = String.valueOf(taken.getLocalPort());

            // when
            Result result = run("up", "--data-dir", directory.toString(), "--http-port", port);

            // then
            assertRejected(result, "port " + port + " for the public API (--http-port) is in use");
        }
    }

    @Test
    void shouldNameAServerPortInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // given
            String port = String.valueOf(taken.getLocalPort());

            // when
            Result result = run("up", "--data-dir", directory.toString(), "--http-port", free(), "--admin-port",
                    free(), "--processor-port", free(), "--sink-port", free(), "--kafka-port", port);

            // then
            assertRejected(result, "port " + port + " for Kafka (--kafka-port) is in use");
        }
    }

    @Test
    void shouldNameAPathThatIsNotADirectory() throws Exception {
        // given
        Path file = Files.createFile(directory.resolve("file"));

        // when
        Result result = run("up", "--data-dir", file.toString());

        // then
        assertRejected(result, file.toString());
    }

    @Test
    void shouldNotDeleteForeignFiles() throws Exception {
        // given
        Path foreign = Files.createFile(directory.resolve("thesis.txt"));

        // when
        Result result = run("up", "--fresh", "--data-dir", directory.toString());

        // then
        assertRejected(result, "--fresh does not delete " + foreign);
        assertThat(foreign).exists();
    }

    @Test
    void shouldKeepTheLogOfTheStackThatRunsInTheDirectory() throws Exception {
        try (var _ = DataDir.lock(directory)) {
            // given
            Path log = Files.writeString(directory.resolve("firstcome.log"), "of the stack that runs");

            // when
            Result result = run("up", "--data-dir", directory.toString());

            // then
            assertRejected(result, "data directory " + directory + " is in use");
            assertThat(log).hasContent("of the stack that runs");
        }
    }

    @Test
    void shouldWriteALogAfterTheDataWereDeleted() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            // given
            String port = String.valueOf(taken.getLocalPort());

            // when
            Result result = run("up", "--fresh", "--data-dir", directory.toString(), "--http-port", port);

            // then
            assertRejected(result, "--http-port");
            assertThat(directory.resolve("firstcome.log")).exists();
        }
    }

    @Test
    void shouldNameAStackThatIsNotRunning() throws Exception {
        // when
        Result result = run("demo", "--url", "http://127.0.0.1:1", "--data-dir", directory.toString());

        // then
        assertRejected(result, "no stack with URL http://127.0.0.1:1");
    }

    private record Result(String printed, int exitCode) {}

    private static Result run(String... arguments) throws IOException, InterruptedException {
        try (CommandLine command = CommandLine.start(arguments)) {
            String printed = command.awaitEnd();
            return new Result(printed, command.exitCode());
        }
    }

    private static void assertRejected(Result result, String problem) {
        assertThat(result.printed().lines()).as(result.printed()).hasSize(1);
        assertThat(result.printed()).startsWith("firstcome: ").contains(problem);
        assertThat(result.exitCode()).isEqualTo(2);
    }

    private static String free() {
        return String.valueOf(FreePort.pick());
    }
}
