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
import io.firstcome.contract.CouponOutcome.CouponIssued;
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
        expectations.getOrDefault(key, List.of()).stream().filter(it -> it.concerns(subject)).toList()
                .forEach(it -> it.offer(outcome));
    }

    /**
     * Takes note of a claim that stands in the log since {@code appendedAt}, whoever put it there. Claims and outcomes are
     * read independently of each other: this one may have been decided, and even forgotten again for lack of room.
     */
    public synchronized void record(IssueCoupon claim, Instant appendedAt) {
        if (appendedAt.isAfter(recent.forgottenUntil())) {
            pending(Subject.of(claim), appendedAt);
        }
    }

    private static Verdict latest(Verdict known, Subject subject, CouponOutcome outcome) {
        boolean stands = switch (known) {
            case null -> false;
            // The answer to an earlier sending leaves a later one pending.
            case Pending pending -> !Expectation.answers(outcome, pending.appendedAt());
            // An issue is for ever; what else is read of it is older and read again.
            case Decided decided -> decided.outcome() instanceof CouponIssued && !(outcome instanceof CouponIssued);
        };
        return stands && concerns(known.subject(), subject) ? known : new Decided(subject, outcome);
    }

    private static boolean concerns(Subject asked, Subject answered) {
        return answered.userId() == null || answered.userId().equals(asked.userId());
    }

    /** What is known of a request; empty when nothing is, or no longer. */
    public synchronized Optional<Verdict> find(CouponId couponId, RequestId requestId) {
        return Optional.ofNullable(recent.get(new Key(couponId, requestId)));
    }

    /** Whose request last went by this id; empty when nobody's is known. */
    public synchronized Optional<Subject> lastUseOf(RequestId requestId) {
        return Optional.ofNullable(recent.lastUseOf(requestId)).map(Verdict::subject);
    }

    /** Opens the wait for the answer to a command that is about to be sent. */
    public synchronized Expectation expect(CouponCommand command) {
        Subject subject = Subject.of(command);
        return open(new Expectation(this, subject, answered -> concerns(subject, answered)));
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

    /** @return what is known of the request then: that it is pending, or the answer if it came first */
    private Verdict pending(Subject subject, Instant appendedAt) {
        Key key = Key.of(subject);
        Verdict known = recent.get(key);
        if (isAnswered(known, subject, appendedAt) || isPendingSince(known, appendedAt)) {
            return known;
        }
        var pending = new Pending(subject, appendedAt);
        recent.put(key, pending);
        return pending;
    }

    private static boolean isAnswered(Verdict known, Subject subject, Instant appendedAt) {
        return known instanceof Decided decided && concerns(subject, decided.subject())
                && Expectation.answers(decided.outcome(), appendedAt);
    }

    private static boolean isPendingSince(Verdict known, Instant appendedAt) {
        return known instanceof Pending pending && !pending.appendedAt().isBefore(appendedAt);
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
