package io.firstcome.embedded;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a command is wrapped in so that its process cannot outlive this JVM, not even after {@code kill -9}, and so that
 * a Ctrl-C in the terminal reaches this JVM alone, which then ends its children in order.
 *
 * <p>Both tools belong to util-linux. Where they are missing, children run unleashed: {@code close} still ends them.
 */
final class ParentDeathGuard {

    private static final List<String> TOOLS = List.of("setsid", "setpriv", "--pdeathsig", "KILL");
    private static final boolean AVAILABLE = works();

    private ParentDeathGuard() {}

    static List<String> around(List<String> command) {
        return AVAILABLE ? Stream.concat(TOOLS.stream(), command.stream()).toList() : command;
    }

    private static boolean works() {
        try {
            Process trial = new ProcessBuilder(Stream.concat(TOOLS.stream(), Stream.of("true")).toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.onExit().join().exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
