package io.firstcome.ingress.verdict;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.RequestId;
import io.firstcome.ingress.verdict.Verdict.Decided;
import io.firstcome.ingress.verdict.Verdict.Pending;
import io.firstcome.ingress.verdict.Verdict.Subject;

/**
 * The latest outcomes of all ingresses and the pending requests of this one, for as long as the settings say. It forgets,
 * so its silence means nothing; what it says was committed.
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
        expectations.getOrDefault(key, List.of()).stream().filter(it -> concerns(it.subject(), subject)).toList()
                .forEach(it -> it.offer(outcome));
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
        var expectation = new Expectation(this, Subject.of(command));
        if (closed) {
            expectation.giveUp();
        }
        expectations.computeIfAbsent(Key.of(expectation.subject()), key -> new ArrayList<>(1)).add(expectation);
        return expectation;
    }

    /** The answer may have been read before the acknowledgement: the one comes from Kafka as fast as the other. */
    synchronized void acknowledged(Expectation expectation, Instant appendedAt) {
        expectation.appended(appendedAt);
        Key key = Key.of(expectation.subject());
        Verdict known = recent.get(key);
        if (isAnswered(known, expectation.subject(), appendedAt)) {
            expectation.offer(((Decided) known).outcome());
        } else if (!isPendingSince(known, appendedAt)) {
            recent.put(key, new Pending(expectation.subject(), appendedAt));
        }
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
