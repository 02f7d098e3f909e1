package io.firstcome.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One bash process that executes commands in turn, so that later commands see the variables of earlier ones. */
final class ShellSession implements AutoCloseable {

    private static final String END = "end-of-command";

    private final Process process;
    private final Writer input;
    private final BufferedReader output;

    /** What a command printed, standard error included, without blank lines. */
    record Printed(List<String> lines, int exitCode) {}

    ShellSession(Path directory) throws IOException {
        process = new ProcessBuilder("bash").directory(directory.toFile()).redirectErrorStream(true).start();
        input = process.outputWriter(UTF_8);
        output = process.inputReader(UTF_8);
    }

    Printed execute(String command) throws IOException {
        input.write(command + "\nprintf '\\n%s %s\\n' " + END + " $?\n");
        input.flush();
        List<String> lines = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(END)) {
                return new Printed(lines, Integer.parseInt(line.substring(END.length() + 1)));
            }
            if (!line.isBlank()) {
                lines.add(line);
            }
        }
        throw new IOException("the shell ended in: " + command);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
