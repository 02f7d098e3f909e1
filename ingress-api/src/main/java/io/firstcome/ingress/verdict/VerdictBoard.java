package io.firstcome.ingress.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RequestId;
import io.firstcome.ingress.verdict.Verdict.Decided;
import io.firstcome.ingress.verdict.Verdict.Pending;
import io.firstcome.ingress.verdict.Verdict.Subject;

/**
 * The latest requests, whichever ingress took them: that they stand in the log, and what was decided. It forgets, and it
 * reads a moment behind, so its silence means nothing; what it says was committed.
 */
public final class VerdictBoard implements AutoCloseable {

    private final RecentRequests recent;
    private final Map<Key, List<Expectation>> expectations = new HashMap<>();
    private boolean closed;

    /** @param nanoTime a clock such as {@link System#nanoTime()} */
    public VerdictBoard(VerdictSettings settings, LongSupplier nanoTime) {
        this.recent = new RecentRequests(settings, nanoTime);
    }

    /** Takes note of a committed outcome. */
    public synchronized void record(CouponOutcome outcome) {
        Subject subject = Subject.of(outcome);
        Key key = Key.of(subject);
        recent.put(key, latest(recent.get(key), subject, outcome));
        expectations.getOrDefault(key, List.of()).stream().toList().forEach(it -> it.offer(outcome));
    }

    /**
     * Takes note of a claim that stands in the log since {@code appendedAt}, whoever put it there. Claims and outcomes are
     * read independently of each other: this one may have been decided.
     */
    public synchronized void record(IssueCoupon claim, Instant appendedAt) {
        pending(Subject.of(claim), appendedAt);
    }

    private static Verdict latest(Verdict known, Subject subject, CouponOutcome outcome) {
        boolean stands = switch (known) {
            case null -> false;
            // The answer to an earlier sending leaves a later one pending.
            case Pending pending -> !Expectation.answers(outcome, pending.appendedAt());
            // An issue is for ever; what else is read of it is older and read again.
            case Decided decided -> decided.outcome() instanceof CouponIssued && !(outcome instanceof CouponIssued);
        };
        return stands && concerns(known.subject(), outcome) ? known : new Decided(subject, outcome);
    }

    /** Two may have chosen the same id, an operator and a user too. */
    private static boolean concerns(Subject asked, CouponOutcome outcome) {
        return switch (outcome) {
            case CouponIssued issued -> issued.userId().equals(asked.userId());
            case IssueRejected rejected -> rejected.userId().equals(asked.userId());
            // Whose it was could not be read.
            case CommandInvalid invalid -> true;
            case CouponChanged changed -> asked.userId() == null;
            case ChangeRejected rejected -> asked.userId() == null;
        };
    }

    /** What is known of a request; empty when nothing is, or no longer. */
    public synchronized Optional<Verdict> find(CouponId couponId, RequestId requestId) {
        return Optional.ofNullable(recent.get(new Key(couponId, requestId)));
    }

    /** What is known of the request that last went by this id, of whatever coupon; empty when none is known. */
    public synchronized Optional<Verdict> lastUseOf(RequestId requestId) {
        return Optional.ofNullable(recent.lastUseOf(requestId));
    }

    /** Opens the wait for the answer to a command that is about to be sent. */
    public synchronized Expectation expect(CouponCommand command) {
        Subject subject = Subject.of(command);
        return open(new Expectation(this, subject, outcome -> concerns(subject, outcome)));
    }

    /** Opens the wait for the answer to a request, whoever sent it and whether or not it has been read of yet. */
    public synchronized Expectation watch(CouponId couponId, RequestId requestId) {
        Expectation watch = open(new Expectation(this, new Subject(couponId, requestId, null), anybody -> true));
        switch (recent.get(Key.of(watch.subject()))) {
            case null -> watch.appended(Instant.MIN);
            case Pending pending -> watch.appended(pending.appendedAt());
            case Decided decided -> {
                watch.appended(Instant.MIN);
                watch.offer(decided.outcome());
            }
        }
        return watch;
    }

    private Expectation open(Expectation expectation) {
        if (closed) {
            expectation.giveUp();
        }
        expectations.computeIfAbsent(Key.of(expectation.subject()), key -> new ArrayList<>(1)).add(expectation);
        return expectation;
    }

    /** The answer may have been read before the acknowledgement: the one comes from Kafka as fast as the other. */
    synchronized void acknowledged(Expectation expectation, Instant appendedAt) {
        expectation.appended(appendedAt);
        if (pending(expectation.subject(), appendedAt) instanceof Decided decided) {
            expectation.offer(decided.outcome());
        }
    }

    /** @return what is known by this id then: that it is pending, or an answer if it came first; null if it is forgotten */
    private Verdict pending(Subject subject, Instant appendedAt) {
        Key key = Key.of(subject);
        Verdict known = recent.get(key);
        if (isNoNews(known, subject, appendedAt)) {
            return known;
        }
        var pending = new Pending(subject, appendedAt);
        recent.put(key, pending);
        return pending;
    }

    private boolean isNoNews(Verdict known, Subject subject, Instant appendedAt) {
        return switch (known) {
            // It may have been decided, and forgotten again for lack of room: nothing would end its being pending.
            case null -> !appendedAt.isAfter(recent.forgottenUntil());
            case Pending pending -> !pending.appendedAt().isBefore(appendedAt);
            case Decided decided -> isAnswer(decided.outcome(), subject, appendedAt);
        };
    }

    /** Decisions come in the order of the log: one on a later sending by somebody else follows the one on this. */
    private static boolean isAnswer(CouponOutcome outcome, Subject subject, Instant appendedAt) {
        return concerns(subject, outcome)
                ? Expectation.answers(outcome, appendedAt)
                : !outcome.decidedAt().isBefore(appendedAt);
    }

    synchronized void forget(Expectation expectation) {
        expectations.computeIfPresent(Key.of(expectation.subject()), (key, waiting) -> {
            waiting.remove(expectation);
            return waiting.isEmpty() ? null : waiting;
        });
    }

    /** How many wait for an answer at the moment. */
    public synchronized int waiting() {
        return expectations.values().stream().mapToInt(List::size).sum();
    }

    /** Lets everybody go who waits: the service is stopping and their answer is "pending". */
    @Override
    public synchronized void close() {
        closed = true;
        expectations.values().forEach(waiting -> waiting.forEach(Expectation::giveUp));
    }

    record Key(CouponId couponId, RequestId requestId) {
        static Key of(Subject subject) {
            return new Key(subject.couponId(), subject.requestId());
        }
    }
}
