package io.firstcome.system;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the command line as a process of its own, as a person does. */
final class CommandLine implements AutoCloseable {

    private static final int TIME_TO_END_SECONDS = 60;

    private final Process process;

    private CommandLine(Process process) {
        this.process = process;
    }

    static CommandLine start(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx768m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                "io.firstcome.standalone.cli.FirstCome"));
        command.addAll(List.of(arguments));
        return new CommandLine(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads on until a line begins like this; returns all that was printed up to there. */
    String awaitLine(String beginning) throws IOException {
        StringBuilder printed = new StringBuilder();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            printed.append(line).append('\n');
            if (line.startsWith(beginning)) {
                return printed.toString();
            }
        }
        throw new AssertionError("never printed '" + beginning + "' but:\n" + printed);
    }

    /** All that it prints until it ends by itself. */
    String awaitEnd() throws IOException, InterruptedException {
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        awaitExit();
        return printed;
    }

    int exitCode() {
        return process.exitValue();
    }

    /** Every process that this one has started. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** What Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
        awaitExit();
    }

    /** What the kernel does when memory runs out. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void awaitExit() throws InterruptedException {
        if (!process.waitFor(TIME_TO_END_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within " + TIME_TO_END_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
