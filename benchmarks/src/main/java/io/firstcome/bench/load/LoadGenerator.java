package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

import io.firstcome.bench.load.LoadMain.Reply;
import io.firstcome.contract.json.Json;

/**
 * The load generator in a process of its own, so that it shares nothing with the system under load but the processors.
 */
public final class LoadGenerator implements AutoCloseable {

    private final GeneratorProcess process;

    private LoadGenerator(GeneratorProcess process) {
        this.process = process;
    }

    /**
     * Starts the generator.
     *
     * @param pinned whether to run the generator on the last processor only, where the operating system can do so
     */
    public static LoadGenerator start(boolean pinned) {
        return new LoadGenerator(GeneratorProcess.start(LoadMain.class,
                pinned ? GeneratorProcess.onLastProcessor() : GeneratorProcess.plain()));
    }

    /**
     * Sends a load and returns what the generator saw.
     *
     * @throws IOException when the system under load accepts no connections, or the generator has ended
     */
    public LoadResult run(LoadJob job) throws IOException {
        Reply reply = Json.read(process.ask(new String(Json.write(job), UTF_8)).getBytes(UTF_8), Reply.class);
        if (reply.error() != null) {
            throw new IOException(job.url() + ": " + reply.error());
        }
        return reply.result();
    }

    @Override
    public void close() {
        process.close();
    }
}
