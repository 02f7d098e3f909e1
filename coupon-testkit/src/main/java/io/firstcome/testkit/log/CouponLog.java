package io.firstcome.testkit.log;

import static java.util.Comparator.comparingInt;

import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;

/**
 * The content of the topics from their first record on, sorted by partition and offset.
 *
 * @param commands all records of {@code coupon-commands}
 * @param outcomes the committed records of {@code coupon-outcomes}
 * @param states the last record of each coupon in {@code coupon-states}; empty when states were not collected
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

    /** A log without states. */
    public static CouponLog of(List<? extends CommandRecord> commands, List<LoggedOutcome> outcomes) {
        return new CouponLog(List.copyOf(commands), outcomes, Optional.empty());
    }

    /** A copy with the last state of each coupon. */
    public CouponLog withStates(Map<CouponId, CouponState> latest) {
        return new CouponLog(commands, outcomes, Optional.of(latest));
    }

    /**
     * Whether the authority has written everything: each command has an outcome and, where states were collected, the
     * states include every outcome. States are throttled, so they are written after the outcomes.
     */
    public boolean isSettled() {
        return commands.stream().filter(CommandRecord::requiresOutcome).count() == outcomes.size()
                && states.stream().allMatch(latest -> decisions().stream().allMatch(it -> isIncluded(it, latest)));
    }

    private static boolean isIncluded(CouponOutcome outcome, Map<CouponId, CouponState> latest) {
        Optional<CouponState> state = Optional.ofNullable(latest.get(outcome.couponId()));
        return switch (outcome) {
            case CouponIssued issued -> state.filter(it -> it.issued() >= issued.sequence()).isPresent();
            case CouponChanged changed -> state.filter(it -> it.version() >= changed.state().version()).isPresent();
            case IssueRevoked revoked -> state.filter(it -> it.revoked() >= revoked.revoked()).isPresent();
            case IssueRejected _,ChangeRejected _,CommandInvalid _ -> true;
        };
    }

    /** All outcomes without their positions, in the order of the log. */
    public List<CouponOutcome> decisions() {
        return outcomes.stream().map(LoggedOutcome::outcome).toList();
    }
}
