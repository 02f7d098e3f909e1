package io.firstcome.system;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the command line in a separate process. */
final class CommandLine implements AutoCloseable {

    private static final int EXIT_TIMEOUT_SECONDS = 60;

    private final Process process;

    private CommandLine(Process process) {
        this.process = process;
    }

    static CommandLine start(String... arguments) throws IOException {
        return start(Map.of(), arguments);
    }

    /** @param environment variables besides those of this process */
    static CommandLine start(Map<String, String> environment, String... arguments) throws IOException {
        return new CommandLine(builder(environment, arguments).start());
    }

    /**
     * Starts a command that runs until it is stopped. Its output goes to a file, because a process that fills a pipe
     * waits until its output is read.
     *
     * @param log receives the output; a new start continues it
     */
    static CommandLine startLogging(Path log, Map<String, String> environment, String... arguments)
            throws IOException {
        return new CommandLine(
                builder(environment, arguments).redirectOutput(Redirect.appendTo(log.toFile())).start());
    }

    private static ProcessBuilder builder(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(program());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        return builder;
    }

    private static List<String> program() {
        return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx768m",
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path"),
                "io.firstcome.standalone.cli.FirstCome");
    }

    /** Writes a script {@code firstcome} that starts the command line of this build, and builds nothing. */
    static void writeScriptTo(Path directory) throws IOException {
        Path script = Files.writeString(directory.resolve("firstcome"),
                "#!/bin/sh\nexec '" + String.join("' '", program()) + "' \"$@\"\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    }

    /** Reads the output until a line starts with {@code prefix}; returns the output up to this line. */
    String awaitLine(String prefix) throws IOException {
        StringBuilder printed = new StringBuilder();
        var reader = process.inputReader(StandardCharsets.UTF_8);
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            printed.append(line).append('\n');
            if (line.startsWith(prefix)) {
                return printed.toString();
            }
        }
        throw new AssertionError("no line starts with '" + prefix + "':\n" + printed);
    }

    /** Waits until the process ends and returns its remaining output. */
    String awaitEnd() throws IOException, InterruptedException {
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        awaitExit();
        return printed;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    int exitCode() {
        return process.exitValue();
    }

    /** All child processes, including indirect ones. */
    List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** Sends SIGINT like Ctrl-C and waits until the process has ended. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
        awaitExit();
    }

    /** Sends SIGTERM like a supervisor and waits until the process has ended. */
    void terminate() throws InterruptedException {
        process.toHandle().destroy();
        awaitExit();
    }

    /** Kills the process like {@code kill -9} and waits until it has ended. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    private void awaitExit() throws InterruptedException {
        if (!process.waitFor(EXIT_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("did not end within " + EXIT_TIMEOUT_SECONDS + " s");
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
