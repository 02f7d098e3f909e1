package io.firstcome.standalone.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.firstcome.contract.json.Json;
import picocli.CommandLine.Option;

/** The option {@code --json}: the result is one JSON value on standard output, everything else is on standard error. */
public final class JsonOption {

    @Option(names = "--json", description = "Print the result as JSON; messages go to standard error.")
    private boolean json;

    /** Whether the option was given. */
    public boolean isSet() {
        return json;
    }

    /** Prints a value in one line. */
    public static void print(Object value) {
        System.out.println(new String(Json.write(value), UTF_8));
    }
}
