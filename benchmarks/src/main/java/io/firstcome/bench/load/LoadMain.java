package io.firstcome.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;

import io.firstcome.contract.json.Json;

/**
 * The load generator's process: reads one {@link LoadJob} per line from standard input and answers each with a line
 * that contains a {@link Reply}. Ends with its input, so it never survives the process that started it.
 */
public final class LoadMain {

    private LoadMain() {}

    /**
     * The answer to one job.
     *
     * @param result what the generator saw; null when the load could not be sent
     * @param error why the load could not be sent; null otherwise
     */
    public record Reply(LoadResult result, String error) {}

    /** Serves until the input ends. */
    public static void main(String[] arguments) throws IOException {
        PrintStream output = System.out;
        // Nothing else may write into the protocol.
        System.setOut(System.err);
        var input = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            Reply reply = run(Json.read(line.getBytes(UTF_8), LoadJob.class));
            output.println(new String(Json.write(reply), UTF_8));
            output.flush();
        }
    }

    private static Reply run(LoadJob job) {
        try {
            return new Reply(LoadRun.of(job), null);
        } catch (IOException e) {
            return new Reply(null, e.getMessage());
        }
    }
}
