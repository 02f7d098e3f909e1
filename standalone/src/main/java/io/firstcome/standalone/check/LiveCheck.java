package io.firstcome.standalone.check;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;

import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.standalone.check.log.Cut;
import io.firstcome.standalone.check.log.History;
import io.firstcome.standalone.check.log.LiveLog;
import io.firstcome.standalone.check.log.LogTooLarge;
import io.firstcome.standalone.check.part.AnswersCheck;
import io.firstcome.standalone.check.part.AuthorityCheck;
import io.firstcome.standalone.check.part.DatabaseCheck;
import io.firstcome.standalone.check.part.GateCheck;
import io.firstcome.standalone.check.part.LogCheck;
import io.firstcome.standalone.check.report.CheckReport;
import io.firstcome.standalone.check.report.CheckResult;
import io.firstcome.standalone.check.report.Deadline;
import io.firstcome.standalone.console.Amount;

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
    /** How many records the memory of this process has room for. */
    private static final long ROOM = Runtime.getRuntime().maxMemory() / BYTES_PER_RECORD;

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
        try (var log = new LiveLog(target.kafka(), target.authorityGroup(), target.coupons(), ROOM)) {
            List<CheckResult> results = new LiveCheck(target, progress).check(log);
            History history = log.history();
            return new CheckReport(begin, Duration.between(begin, Instant.now()), history.defined().size(),
                    history.commands().size(), history.outcomes().size(), results);
        } catch (LogTooLarge e) {
            throw new LogUnreadable("%s more than %,d records, and the memory of this process has room for no more;"
                    .formatted(target.coupons().isEmpty() ? "the log has" : "these coupons have", e.room())
                    + " name fewer coupons, or give it more memory:"
                    + " FIRSTCOME_JAVA_OPTIONS=-Xmx8g ./firstcome check ...",
                    e);
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

        progress.comparing("the log");
        List<CheckResult> results = new ArrayList<>(
                new LogCheck(log).check(commandsAtBegin, new Deadline(target.timeout())));
        Cut outcomes = log.outcomeEnd();
        String expired = log.history().expiredExcept(log.history().withAllOutcomes());
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
                : new AnswersCheck(target.callers().get(), target.userToken(), log).check(expired,
                        new Deadline(target.timeout())));
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
        if (target.coupons().isEmpty() && log.size() > ROOM) {
            throw new LogUnreadable("the log has %,d records, and the memory of this process has room for about %,d;"
                    .formatted(log.size(), ROOM) + " name coupons: ./firstcome check COUPON ..., or"
                    + " give it more memory: FIRSTCOME_JAVA_OPTIONS=-Xmx8g ./firstcome check", null);
        }
    }
}
