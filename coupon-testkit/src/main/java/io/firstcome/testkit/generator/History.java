package io.firstcome.testkit.generator;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.firstcome.testkit.log.LoggedCommand;

/**
 * A short random sequence of commands as records of {@code coupon-commands}.
 *
 * @param seed the seed; the same seed generates the same history
 * @param commands in the order of appending; offsets increase by one within each partition
 */
public record History(long seed, List<LoggedCommand> commands) {

    public History {
        commands = List.copyOf(commands);
    }

    /** The history of this seed. */
    public static History of(long seed) {
        return new HistoryGenerator(seed, "").generate();
    }

    /** The history of this seed about coupons that no other history has: their ids begin with the seed. */
    public static History ofOwnCoupons(long seed) {
        return new HistoryGenerator(seed, seed + "-").generate();
    }

    /** The histories of {@code count} consecutive seeds. */
    public static Stream<History> of(long firstSeed, int count) {
        return LongStream.range(firstSeed, firstSeed + count).mapToObj(History::of);
    }

    /** Names the seed, so that a failed test can be repeated. */
    @Override
    public String toString() {
        return "history of seed " + seed + " (" + commands.size() + " commands)";
    }
}
