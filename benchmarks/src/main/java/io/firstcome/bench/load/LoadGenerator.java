package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.firstcome.bench.load.LoadMain.Reply;
import io.firstcome.contract.json.Json;

/**
 * The load generator in a process of its own, so that it shares nothing with the system under load but the processors.
 */
public final class LoadGenerator implements AutoCloseable {

    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final Process process;
    private final BufferedReader output;

    private LoadGenerator(Process process) {
        this.process = process;
        this.output = process.inputReader(UTF_8);
    }

    /**
     * Starts the generator.
     *
     * @param pinned whether to run the generator on the last processor only, where the operating system can do so
     */
    public static LoadGenerator start(boolean pinned) {
        List<String> command = new ArrayList<>();
        if (pinned && Files.isExecutable(TASKSET)) {
            int last = Runtime.getRuntime().availableProcessors() - 1;
            command.addAll(List.of(TASKSET.toString(), "-c", String.valueOf(last)));
        }
        command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), LoadMain.class.getName()));
        try {
            return new LoadGenerator(
                    new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
        } catch (IOException e) {
            throw new UncheckedIOException("the load generator cannot be started", e);
        }
    }

    /**
     * Sends a load and returns what the generator saw.
     *
     * @throws IOException when the system under load accepts no connections, or the generator has ended
     */
    public LoadResult run(LoadJob job) throws IOException {
        process.outputWriter(UTF_8).append(new String(Json.write(job), UTF_8)).append('\n').flush();
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the load generator has ended");
        }
        Reply reply = Json.read(line.getBytes(UTF_8), Reply.class);
        if (reply.error() != null) {
            throw new IOException(job.url() + ": " + reply.error());
        }
        return reply.result();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
