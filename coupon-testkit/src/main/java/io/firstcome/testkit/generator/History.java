package io.firstcome.testkit.generator;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.firstcome.testkit.evidence.LoggedCommand;

/**
 * A short random history of commands, as the log would hold it.
 *
 * @param seed brings the same history back
 * @param commands in the order in which they were appended; offsets ascend on each partition
 */
public record History(long seed, List<LoggedCommand> commands) {

    public History {
        commands = List.copyOf(commands);
    }

    /** The history of this seed, always the same one. */
    public static History of(long seed) {
        return new HistoryGenerator(seed).generate();
    }

    /** One history for each seed from the first on. */
    public static Stream<History> of(long firstSeed, int count) {
        return LongStream.range(firstSeed, firstSeed + count).mapToObj(History::of);
    }

    /** What a failed test should print: the seed says it all. */
    @Override
    public String toString() {
        return "history of seed " + seed + " (" + commands.size() + " commands)";
    }
}
