package io.firstcome.readmodel.requests;

import java.time.Duration;
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
import io.firstcome.contract.UserId;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The latest requests, whichever ingress took them: that they stand in the log, and what was decided. It forgets, and it
 * reads a moment behind, so its silence means nothing; what it says was committed.
 */
public final class RequestTracker implements AutoCloseable {

    private final RecentRequests recent;
    private final Map<Key, List<PendingReply>> expectations = new HashMap<>();
    private boolean closed;

    /** @param nanoTime a clock such as {@link System#nanoTime()} */
    public RequestTracker(RequestSettings settings, LongSupplier nanoTime) {
        this.recent = new RecentRequests(settings, nanoTime);
    }

    /** Takes note of a committed outcome. */
    public synchronized void record(CouponOutcome outcome) {
        Key key = Key.of(Subject.of(outcome));
        recent.put(key, RequestTransitions.after(recent.get(key), outcome));
        waitingFor(key).forEach(it -> it.offer(outcome));
    }

    /**
     * Takes note of a claim that stands in the log since {@code appendedAt}, whoever put it there. Claims and outcomes are
     * read independently of each other: this one may have been decided.
     */
    public synchronized void record(IssueCoupon claim, Instant appendedAt) {
        stands(Subject.of(claim), appendedAt);
    }

    private List<PendingReply> waitingFor(Key key) {
        return List.copyOf(expectations.getOrDefault(key, List.of()));
    }

    /** What is known of a request; empty when nothing is, or no longer. */
    public synchronized Optional<RequestStatus> find(CouponId couponId, RequestId requestId) {
        return Optional.ofNullable(recent.get(new Key(couponId, requestId)));
    }

    /** What is known of the request that last went by this id, of whatever coupon; empty when none is known. */
    public synchronized Optional<RequestStatus> lastUseOf(RequestId requestId) {
        return Optional.ofNullable(recent.lastUseOf(requestId));
    }

    /**
     * What is known of a request, as soon as anything is.
     *
     * @return empty when nothing has been read of it in time
     */
    public Optional<RequestStatus> await(CouponId couponId, RequestId requestId, Duration patience)
            throws InterruptedException {
        try (PendingReply watch = watch(couponId, requestId)) {
            watch.awaitNews(patience);
        }
        return find(couponId, requestId);
    }

    /** The issue to a user of which this ingress has read lately; empty when it knows of none. */
    public synchronized Optional<CouponIssued> issueTo(CouponId couponId, UserId userId) {
        return recent.issueTo(couponId, userId);
    }

    /** Opens the wait for the answer to a command that is about to be sent. */
    public synchronized PendingReply expect(CouponCommand command) {
        Subject subject = Subject.of(command);
        return open(new PendingReply(this, subject, outcome -> RequestTransitions.concerns(subject, outcome)));
    }

    /** Opens the wait for the answer to a request, whoever sent it and whether or not it has been read of yet. */
    public synchronized PendingReply watch(CouponId couponId, RequestId requestId) {
        PendingReply watch = open(new PendingReply(this, new Subject(couponId, requestId, null), anybody -> true));
        switch (recent.get(Key.of(watch.subject()))) {
            case null -> watch.appended(Instant.MIN);
            case Pending pending -> {
                watch.appended(pending.appendedAt());
                watch.heardOf();
            }
            case Decided decided -> {
                watch.appended(Instant.MIN);
                watch.offer(decided.outcome());
            }
        }
        return watch;
    }

    private PendingReply open(PendingReply expectation) {
        if (closed) {
            expectation.giveUp();
        }
        expectations.computeIfAbsent(Key.of(expectation.subject()), key -> new ArrayList<>(1)).add(expectation);
        return expectation;
    }

    /** The answer may have been read before the acknowledgement: the one comes from Kafka as fast as the other. */
    synchronized void acknowledged(PendingReply expectation, Instant appendedAt) {
        expectation.appended(appendedAt);
        if (stands(expectation.subject(), appendedAt) instanceof Decided decided) {
            expectation.offer(decided.outcome());
        }
    }

    /** @return what is known by this id then: that it is pending, or an answer if it came first; null if it is forgotten */
    private RequestStatus stands(Subject subject, Instant appendedAt) {
        Key key = Key.of(subject);
        RequestStatus known = recent.get(key);
        if (known == null && !appendedAt.isAfter(recent.forgottenUntil())) {
            // It may have been decided, and forgotten again for lack of room: nothing would end its being pending.
            return null;
        }
        RequestStatus now = RequestTransitions.after(known, subject, appendedAt);
        if (now != known) {
            recent.put(key, now);
            waitingFor(key).forEach(PendingReply::heardOf);
        }
        return now;
    }

    synchronized void forget(PendingReply expectation) {
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
        expectations.values().forEach(waiting -> waiting.forEach(PendingReply::giveUp));
    }

    record Key(CouponId couponId, RequestId requestId) {
        static Key of(Subject subject) {
            return new Key(subject.couponId(), subject.requestId());
        }
    }
}
