package io.firstcome.bench.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;

import io.firstcome.bench.attack.AttackMain.Reply;
import io.firstcome.bench.load.GeneratorProcess;
import io.firstcome.contract.json.Json;

/**
 * The bad caller in a process of its own. The process gets the processors last: a real bad caller has another machine.
 */
public final class Attacker implements AutoCloseable {

    private final GeneratorProcess process = GeneratorProcess.start(AttackMain.class,
            GeneratorProcess.withLowPriority());

    /**
     * Begins an attack and returns when all connections are open.
     *
     * @throws IOException when the connections cannot be opened, or the process has ended
     */
    public void begin(AttackJob job) throws IOException {
        ask(new String(Json.write(job), UTF_8));
    }

    /** Ends the attack and returns what the bad caller got. */
    public AttackResult end() throws IOException {
        return ask("end").result();
    }

    private Reply ask(String line) throws IOException {
        Reply reply = Json.read(process.ask(line).getBytes(UTF_8), Reply.class);
        if (reply.error() != null) {
            throw new IOException("the attack failed: " + reply.error());
        }
        return reply;
    }

    @Override
    public void close() {
        process.close();
    }
}
