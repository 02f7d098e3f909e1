package io.firstcome.embedded.process;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Wraps a command so that its process ends with this JVM, even after {@code kill -9}: {@code setpriv} sets the kernel's
 * parent-death signal. {@code setsid} moves the process out of the terminal's process group, so that Ctrl-C reaches
 * only this JVM, which then stops its children in order.
 *
 * <p>Both tools are part of util-linux. Without them children are started directly, and only {@code close} ends them.
 */
public final class ParentDeathGuard {

    private static final List<String> TOOLS = List.of("setsid", "setpriv", "--pdeathsig", "KILL");
    private static final boolean AVAILABLE = isAvailable();

    private ParentDeathGuard() {}

    static List<String> wrap(List<String> command) {
        return AVAILABLE ? Stream.concat(TOOLS.stream(), command.stream()).toList() : command;
    }

    private static boolean isAvailable() {
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
