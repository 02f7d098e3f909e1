package io.firstcome.standalone.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong calls end with exit code 2 and one line. */
@Isolated("replaces the error stream of the JVM")
class OperatorCommandsTest {

    @TempDir
    private Path directory;

    private record Result(int exitCode, String error) {}

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "dlq | say what to do: list, show, replay or drop",
        "dlq show 0-17 --kafka 127.0.0.1:1 | '0-17' is no letter, such as commands/0:17 or 0:17",
        "dlq replay --kafka 127.0.0.1:1 | name letters, or all open ones with --all",
        "dlq replay 0:17 --all --kafka 127.0.0.1:1 | name letters, or all open ones with --all",
        "dlq drop 0:17 --kafka 127.0.0.1:1 | Missing required option: '--reason=TEXT'",
        "dlq list --topic users --kafka 127.0.0.1:1 | Invalid value for option '--topic'",
        "coupon | say what to do: create, list, show, pause, resume, restock, close, archive or revoke",
        "coupon restock c many --url http://127.0.0.1:1 | STOCK must be a number such as 500 or +100, not 'many'",
        "coupon create c --stock 1 --opens soon | 'soon' is no time such as 2027-01-31T09:00:00Z",
        "coupon list --limit 0 --url http://127.0.0.1:1 | --limit must be 1 or more, not 0",
        "up --http-port 99999 | --http-port must be from 1 to 65535, not 99999",
        "up --kafka-port 0 | --kafka-port must be from 1 to 65535, not 0",
        "up --admin-port 8080 | --http-port and --admin-port are both 8080; give each a port of its own",
        "up --partitions 0 | --partitions must be from 1 to 1000, not 0",
        "claim no!id mina | 'no!id' is not valid",
        "claim c mina --url http://127.0.0.1:1 | Nothing answers at http://127.0.0.1:1; start with ./firstcome up",
        "status --admin-url nowhere | --admin-url must be a URL such as http://127.0.0.1:8080, not 'nowhere'",
        "check --wait 5 --kafka 127.0.0.1:1 | --wait must be from 12 to 3600, not 5: an open transaction",
        "check --user-token-file /no/such --kafka 127.0.0.1:1 | --user-token-file /no/such cannot be read",
        "run authority | Invalid value for positional parameter at index 0 (SERVICE)",
        "stats | perhaps status",
        "bench --only a | the script ./firstcome runs the benchmarks",
        "rebuild-database --kafka 127.0.0.1:1 | with --kafka the database must be named too: add --jdbc-url"})
    void shouldRejectAWrongCall(String arguments, String problem) {
        // when
        Result result = run(arguments.split(" "));

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.error()).startsWith("firstcome: ").contains(problem).hasLineCount(1);
    }

    @Test
    void shouldNameADataDirectoryWithoutAStack() {
        // when
        Result result = run("dlq", "list", "--data-dir", directory.toString());

        // then
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.error()).contains("no ./firstcome up has used the data directory " + directory, "--kafka")
                .hasLineCount(1);
    }

    private static Result run(String... arguments) {
        PrintStream before = System.err;
        var error = new ByteArrayOutputStream();
        System.setErr(new PrintStream(error, true));
        try {
            return new Result(FirstCome.execute(arguments), error.toString());
        } finally {
            System.setErr(before);
        }
    }
}
