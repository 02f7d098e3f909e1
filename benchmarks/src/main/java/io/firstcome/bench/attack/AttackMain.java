package io.firstcome.bench.attack;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;

import io.firstcome.contract.json.Json;

/**
 * The bad caller's process. A line with an {@link AttackJob} starts an attack and is answered with a {@link Reply} when
 * all connections are open; the next line ends the attack and is answered with a {@link Reply} that has the result.
 * Ends with its input, so it never survives the process that started it.
 */
public final class AttackMain {

    private AttackMain() {}

    /**
     * The answer to one line.
     *
     * @param result what the bad caller got; null while the attack runs
     * @param error why the attack could not be started; null otherwise
     */
    record Reply(AttackResult result, String error) {}

    /** Serves until the input ends. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        PrintStream output = System.out;
        // Nothing else may write into the protocol.
        System.setOut(System.err);
        var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            try (AttackRun run = AttackRun.start(Json.read(line.getBytes(UTF_8), AttackJob.class))) {
                write(output, new Reply(null, null));
                if (input.readLine() == null) {
                    return;
                }
                write(output, new Reply(run.stop(), null));
            } catch (IOException e) {
                write(output, new Reply(null, e.getMessage()));
            }
        }
    }

    private static void write(PrintStream output, Reply reply) {
        output.println(new String(Json.write(reply), UTF_8));
        output.flush();
    }
}
