package io.firstcome.standalone.check.part;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

import io.firstcome.standalone.check.log.CommittedLog;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.console.Amount;
import io.firstcome.testkit.evidence.Evidence;
import io.firstcome.testkit.guarantee.Guarantee;
import io.firstcome.testkit.guarantee.GuaranteeResult;
import io.firstcome.testkit.guarantee.checks.EveryAckAnswered;
import io.firstcome.testkit.guarantee.checks.LogOrderWins;
import io.firstcome.testkit.guarantee.checks.NoOversell;
import io.firstcome.testkit.guarantee.checks.OnePerUser;

/** Checks the guarantees about the log alone. What is in the log does not change, so a violation is final. */
public final class LogCheck {

    private final CommittedLog log;
    private final Duration transactionTimeout;

    public LogCheck(CommittedLog log) {
        this(log, Deadline.OF_A_TRANSACTION);
    }

    LogCheck(CommittedLog log, Duration transactionTimeout) {
        this.log = log;
        this.transactionTimeout = transactionTimeout;
    }

    /** @param commands a cut through the commands: those before it are to be decided before the deadline */
    public List<CheckResult> check(Cut commands, Deadline deadline) throws InterruptedException {
        // A command before this position has an outcome; the transaction may become visible a moment later.
        Cut decided = log.decided();
        Optional<Deadline> transaction = Optional.empty();
        long undecided;
        GuaranteeResult answered;
        GuaranteeResult replayed;
        while (true) {
            log.readOn();
            Evidence evidence = Evidence.of(log.history().decidedBefore(decided));
            undecided = undecided(log.history(), decided, commands);
            answered = new EveryAckAnswered().check(evidence);
            replayed = new LogOrderWins().check(evidence);
            if (answered instanceof GuaranteeResult.Fail || replayed instanceof GuaranteeResult.Fail) {
                // The position stays: with a later one another transaction could be the one that is not visible.
                transaction = transaction.or(() -> Optional.of(new Deadline(transactionTimeout)));
                if (!transaction.get().pause()) {
                    break;
                }
            } else if (undecided > 0 && deadline.pause()) {
                transaction = Optional.empty();
                decided = log.decided();
            } else {
                break;
            }
        }
        History history = log.history();
        String commandsExpired = history.expiredExcept(history.withAllCommands());
        String outcomesExpired = history.expiredExcept(history.withAllOutcomes());
        Evidence outcomes = Evidence.of(history.allOutcomes());
        String notCompared = undecided == 0
                ? commandsExpired
                : join(commandsExpired, "%s that the authority has not decided within %d s; see ./firstcome status"
                        .formatted(Amount.of(undecided, "command"), deadline.timeout().toSeconds()));
        return List.of(result(new NoOversell(), outcomes, outcomesExpired),
                result(new OnePerUser(), outcomes, outcomesExpired),
                CheckResult.of("EveryAckAnswered", answered, notCompared),
                CheckResult.of("LogOrderWins", replayed, notCompared));
    }

    private static CheckResult result(Guarantee guarantee, Evidence evidence, String notCompared) {
        return CheckResult.of(guarantee.name(), guarantee.check(evidence), notCompared);
    }

    private static long undecided(History history, Cut decided, Cut commands) {
        return history.commands().stream().filter(it -> commands.contains(it.partition(), it.offset())
                && !decided.contains(it.partition(), it.offset())).count();
    }

    private static String join(String first, String second) {
        return first.isEmpty() ? second : first + ", and " + second;
    }
}
