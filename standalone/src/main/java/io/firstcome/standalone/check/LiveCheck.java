package io.firstcome.standalone.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.standalone.check.log.LiveLog;
import io.firstcome.standalone.check.part.AnswersCheck;
import io.firstcome.standalone.check.part.AuthorityCheck;
import io.firstcome.standalone.check.part.DatabaseCheck;
import io.firstcome.standalone.check.part.GateCheck;
import io.firstcome.standalone.check.report.CheckReport;
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

/**
 * Checks the guarantees of a running system from outside, also during a sale. It reads the topics without a group,
 * MySQL in a transaction that only reads, Redis with commands that only read, and the HTTP queries.
 *
 * <p>The parts of a running system are never at the same position. So each part is compared with the log at its own
 * position: MySQL at the positions that its tables have, and the authority and the gate between two cuts through the
 * log, one from before they were read and one from after. A part that does not reach the cut of the beginning in time
 * is reported as unknown, not as a violation.
 */
public final class LiveCheck {

    /** About what a record takes in memory, with room for what the guarantees build from the records. */
    private static final long BYTES_PER_RECORD = 800;

    private final CheckTarget target;
    private final CheckProgress progress;

    private LiveCheck(CheckTarget target, CheckProgress progress) {
        this.target = target;
        this.progress = progress;
    }

    /** The log cannot be read, so nothing is known. */
    public static final class LogUnreadable extends Exception {

        private static final long serialVersionUID = 1L;

        LogUnreadable(String whatToDo, Throwable cause) {
            super(whatToDo, cause);
        }
    }

    /** @throws LogUnreadable in one line that says what to do */
    public static CheckReport run(CheckTarget target, CheckProgress progress)
            throws LogUnreadable, InterruptedException {
        Instant begin = Instant.now();
        try (var log = new LiveLog(target.kafka(), target.authorityGroup(), target.coupons())) {
            List<CheckResult> results = new LiveCheck(target, progress).check(log);
            History history = log.history();
            return new CheckReport(begin, Duration.between(begin, Instant.now()), history.defined().size(),
                    history.commands().size(), history.outcomes().size(), results);
        } catch (OffsetOutOfRangeException e) {
            throw new LogUnreadable("records of the log expired while they were read; run the check again", e);
        } catch (ContractViolation e) {
            throw new LogUnreadable(e.getMessage() + "; use the version that the services have", e);
        } catch (KafkaException e) {
            throw new LogUnreadable(
                    "the log in Kafka at " + target.kafka().bootstrap() + " cannot be read (" + e.getMessage()
                            + "); start with ./firstcome up, or name the cluster with --kafka",
                    e);
        }
    }

    private List<CheckResult> check(LiveLog log) throws LogUnreadable, InterruptedException {
        requireRoom(log);
        progress.reading(log.size());
        Cut outcomesAtBegin = log.outcomeEnd();
        log.readStates(progress::read);
        Set<CouponId> unknown = new HashSet<>(target.coupons());
        unknown.removeAll(log.history().defined());
        if (!unknown.isEmpty()) {
            throw new LogUnreadable("the log has no coupon " + History.names(unknown)
                    + "; list all with ./firstcome coupon list", null);
        }
        Cut commandsAtBegin = log.commandEnd();
        log.readOutcomes(log.outcomeEnd(), progress::read);
        log.readCommands(commandsAtBegin, progress::read);
        requireStates(log.history(), outcomesAtBegin);

        List<CheckResult> results = new ArrayList<>(checkLog(log, commandsAtBegin));
        Cut outcomes = log.outcomeEnd();
        String expired = expired(log.history(), log.history().withAllOutcomes());
        Deadline deadline = new Deadline(target.timeout());
        progress.comparing("MySQL");
        results.add(target.database().isEmpty()
                ? CheckResult.unknown("SinkMatches", "the database is not named: add --jdbc-url")
                : new DatabaseCheck(target.database().get(), log).check(outcomes, expired, deadline));
        progress.comparing("the gate");
        results.add(target.redis().isEmpty()
                ? CheckResult.unknown("GateConverges", "Redis is not named: add --redis")
                : new GateCheck(target.redis().get(), log).check(outcomes, expired, new Deadline(target.timeout())));
        progress.comparing("the authority");
        results.add(target.authority().isEmpty()
                ? CheckResult.unknown("AuthorityMatches", "the authority is not named: add --processor-url")
                : new AuthorityCheck(target.authority().get(), log).check(expired, new Deadline(target.timeout())));
        progress.comparing("the public API");
        results.add(target.callers().isEmpty()
                ? CheckResult.unknown("AnswersAgree", "the public API is not named: add --url")
                : new AnswersCheck(target.callers().get(), log).check(expired, new Deadline(target.timeout())));
        return results;
    }

    /** The state of a coupon is committed with the outcome that creates it, and kept for good. */
    private static void requireStates(History history, Cut outcomesAtBegin) throws LogUnreadable {
        Set<CouponId> missing = history.createdBefore(outcomesAtBegin);
        missing.removeAll(history.defined());
        if (!missing.isEmpty()) {
            throw new LogUnreadable(("coupon-states has no record of %s (%s) that coupon-outcomes has;"
                    + " run the check again, and if this line stays, the topic has lost records")
                    .formatted(Amount.of(missing.size(), "coupon"), History.names(missing)), null);
        }
    }

    private void requireRoom(LiveLog log) throws LogUnreadable {
        long room = Runtime.getRuntime().maxMemory() / BYTES_PER_RECORD;
        if (target.coupons().isEmpty() && log.size() > room) {
            throw new LogUnreadable("the log has %,d records, and the memory of this process has room for about %,d;"
                    .formatted(log.size(), room) + " name coupons: ./firstcome check COUPON ...", null);
        }
    }

    /** The guarantees about the log alone. What is in the log does not change, so a violation is final. */
    private List<CheckResult> checkLog(LiveLog log, Cut commandsAtBegin) throws InterruptedException {
        progress.comparing("the log");
        Deadline deadline = new Deadline(target.timeout());
        // A command before this position has an outcome; the transaction may become visible a moment later.
        Cut decided = log.decided();
        Optional<Deadline> transaction = Optional.empty();
        long undecided;
        GuaranteeResult answered;
        GuaranteeResult replayed;
        while (true) {
            log.readOn();
            Evidence evidence = Evidence.of(log.history().decidedBefore(decided));
            undecided = undecided(log.history(), decided, commandsAtBegin);
            answered = new EveryAckAnswered().check(evidence);
            replayed = new LogOrderWins().check(evidence);
            if (answered instanceof GuaranteeResult.Fail || replayed instanceof GuaranteeResult.Fail) {
                // The position stays: with a later one another transaction could be the one that is not visible.
                transaction = transaction.or(() -> Optional.of(new Deadline(Deadline.OF_A_TRANSACTION)));
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
        String commandsExpired = expired(history, history.withAllCommands());
        String outcomesExpired = expired(history, history.withAllOutcomes());
        Evidence outcomes = Evidence.of(history.allOutcomes());
        String notCompared = undecided == 0
                ? commandsExpired
                : join(commandsExpired, "%s that the authority has not decided within %d s; see ./firstcome status"
                        .formatted(Amount.of(undecided, "command"), target.timeout().toSeconds()));
        return List.of(result(new NoOversell(), outcomes, outcomesExpired),
                result(new OnePerUser(), outcomes, outcomesExpired),
                CheckResult.of("EveryAckAnswered", answered, notCompared),
                CheckResult.of("LogOrderWins", replayed, notCompared));
    }

    private static CheckResult result(Guarantee guarantee, Evidence evidence, String notCompared) {
        return CheckResult.of(guarantee.name(), guarantee.check(evidence), notCompared);
    }

    private static long undecided(History history, Cut decided, Cut cut) {
        return history.commands().stream().filter(it -> cut.contains(it.partition(), it.offset())
                && !decided.contains(it.partition(), it.offset())).count();
    }

    /** What retention has removed; empty when nothing. */
    private static String expired(History history, Set<CouponId> complete) {
        Set<CouponId> missing = new HashSet<>(history.defined());
        missing.removeAll(complete);
        return missing.isEmpty()
                ? ""
                : "%s whose first records have expired (%s)".formatted(
                        Amount.of(missing.size(), "coupon"), History.names(missing));
    }

    private static String join(String first, String second) {
        return first.isEmpty() ? second : first + ", and " + second;
    }
}
