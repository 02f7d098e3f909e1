package io.firstcome.testkit.evidence;

import static java.util.Comparator.comparingInt;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponState;

/**
 * What Kafka holds, from the first record of each topic, in the order of partition and offset.
 *
 * @param commands the whole of {@code coupon-commands}
 * @param outcomes the committed records of {@code coupon-outcomes}
 * @param states the last record of each coupon in {@code coupon-states}; empty where they were not collected
 */
public record CouponLog(
        List<CommandRecord> commands,
        List<LoggedOutcome> outcomes,
        Optional<Map<CouponId, CouponState>> states) {

    public CouponLog {
        commands = commands.stream()
                .sorted(comparingInt(CommandRecord::partition).thenComparingLong(CommandRecord::offset))
                .toList();
        outcomes = outcomes.stream()
                .sorted(comparingInt(LoggedOutcome::partition).thenComparingLong(LoggedOutcome::offset))
                .toList();
        states = states.map(Map::copyOf);
    }

    /** Commands and outcomes without the states. */
    public static CouponLog of(List<? extends CommandRecord> commands, List<LoggedOutcome> outcomes) {
        return new CouponLog(List.copyOf(commands), outcomes, Optional.empty());
    }

    /** The same log with the last state of each coupon. */
    public CouponLog withStates(Map<CouponId, CouponState> latest) {
        return new CouponLog(commands, outcomes, Optional.of(latest));
    }

    /** Whether there are as many outcomes as there must be: the moment to stop waiting and to start judging. */
    public boolean isDecided() {
        return commands.stream().filter(CommandRecord::isOwedAnOutcome).count() == outcomes.size();
    }

    /** Every decision, in the order of the log. */
    public List<CouponOutcome> decisions() {
        return outcomes.stream().map(LoggedOutcome::outcome).toList();
    }
}
