package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Java process that sends load. It answers each line of its input with one line. */
public final class GeneratorProcess implements AutoCloseable {

    private static final Path TASKSET = Path.of("/usr/bin/taskset");
    private static final Path NICE = Path.of("/usr/bin/nice");

    private final Process process;
    private final BufferedReader output;

    private GeneratorProcess(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    /**
     * Starts a process with the class path of this one.
     *
     * @param main the class with the main method
     * @param prefix the part of the command line before {@code java}
     */
    public static GeneratorProcess start(Class<?> main, List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), main.getName()));
        try {
            return new GeneratorProcess(
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException("the load generator cannot be started", e);
        }
    }

    /** The prefix of a process that may run on all processors. */
    static List<String> plain() {
        return List.of();
    }

    /** The prefix of a process that runs on the last processor only, where the operating system can do so. */
    static List<String> onLastProcessor() {
        int last = Runtime.getRuntime().availableProcessors() - 1;
        return Files.isExecutable(TASKSET) ? List.of(TASKSET.toString(), "-c", String.valueOf(last)) : List.of();
    }

    /** The prefix of a process that gets the processors last, where the operating system can do so. */
    public static List<String> withLowPriority() {
        return Files.isExecutable(NICE) ? List.of(NICE.toString(), "-n", "19") : List.of();
    }

    /**
     * Sends a line and waits for the answer.
     *
     * @throws IOException when the process has ended
     */
    public String ask(String line) throws IOException {
        process.outputWriter(UTF_8).append(line).append('\n').flush();
        String answer = output.readLine();
        if (answer == null) {
            throw new IOException("the load generator has ended");
        }
        return answer;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
