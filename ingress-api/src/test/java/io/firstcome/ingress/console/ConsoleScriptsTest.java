package io.firstcome.ingress.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

/** The functions of the console's scripts that need no page. {@code ConsoleTest} of system-tests has a real browser. */
class ConsoleScriptsTest {

    /** The first version whose test runner and module hooks the tests use. */
    private static final int NODE_VERSION = 20;
    private static final Pattern VERSION = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL);

    private record Result(int exitCode, String printed) {}

    @Test
    void shouldPassTheTestsOfTheScripts() throws Exception {
        // given
        assumeTrue(isInstalled(), "Node.js " + NODE_VERSION + " or newer is not on the PATH");

        // when
        Result tests = node("--test", "src/test/js/console.test.mjs");

        // then
        assertThat(tests.exitCode()).as(tests.printed()).isZero();
        assertThat(tests.printed()).contains("fail 0").doesNotContain("pass 0");
    }

    private static boolean isInstalled() throws InterruptedException {
        try {
            Matcher version = VERSION.matcher(node("--version").printed());
            return version.matches() && Integer.parseInt(version.group(1)) >= NODE_VERSION;
        } catch (IOException _) {
            return false;
        }
    }

    private static Result node(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Result(process.waitFor(), printed);
    }
}
