package io.firstcome.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.firstcome.embedded.FreePort;

/** What goes wrong before anything runs is said in one line that tells what to do, with exit code 2. */
class CommandLineTest {

    @TempDir
    private Path directory;

    @Test
    void shouldRefuseAnUnknownOption() throws Exception {
        assertRefused("Unknown option: '--frsh'", "up", "--frsh");
    }

    @Test
    void shouldRefuseAnUnknownCommand() throws Exception {
        assertRefused("Unmatched argument at index 0: 'upp'", "upp");
    }

    @Test
    void shouldRefuseANumberThatIsNone() throws Exception {
        assertRefused("Invalid value for option '--users'", "demo", "--users", "many");
        assertRefused("--stock must be from 1 to 1000000, not 0", "demo", "--stock", "0");
    }

    @Test
    void shouldNameThePortThatIsInUse() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertRefused("port " + port + " for the public API (--http-port) is in use", "up", "--data-dir",
                    directory.toString(), "--http-port", port);
            // The four services' ports are looked at before.
            assertRefused("port " + port + " for Kafka (--kafka-port) is in use", "up", "--data-dir",
                    directory.toString(), "--http-port", free(), "--admin-port", free(), "--processor-port", free(),
                    "--sink-port", free(), "--kafka-port", port);
        }
    }

    @Test
    void shouldNameTheDataDirectoryThatIsNone() throws Exception {
        Path file = Files.createFile(directory.resolve("file"));
        assertRefused(file.toString(), "up", "--data-dir", file.toString());
    }

    @Test
    void shouldNotDeleteWhatIsNotItsOwn() throws Exception {
        // given
        Path precious = Files.createFile(directory.resolve("thesis.txt"));

        // when
        assertRefused("--fresh will not delete " + precious, "up", "--fresh", "--data-dir", directory.toString());

        // then
        assertThat(precious).exists();
    }

    @Test
    void shouldNotFindAStackThatIsNotThere() throws Exception {
        assertRefused("no stack with http://127.0.0.1:1", "demo", "--url", "http://127.0.0.1:1", "--data-dir",
                directory.toString());
    }

    private static String free() {
        return String.valueOf(FreePort.pick());
    }

    private static void assertRefused(String problem, String... arguments) throws IOException, InterruptedException {
        try (CommandLine command = CommandLine.start(arguments)) {
            String printed = command.awaitEnd();
            assertThat(printed.lines()).as(printed).hasSize(1);
            assertThat(printed).startsWith("firstcome: ").contains(problem);
            assertThat(command.exitCode()).isEqualTo(2);
        }
    }
}
