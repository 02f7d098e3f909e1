package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.Awaited.Acknowledgement;
import io.firstcome.readmodel.requests.Awaited.AnswerTo;
import io.firstcome.readmodel.requests.Awaited.AnyChange;
import io.firstcome.readmodel.requests.RecentRequests.Key;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The latest requests of all ingresses: which commands the log contains, and what the authority decided. The tracker
 * forgets old requests and reads with a short delay. So an unknown request may still exist, but a known status is
 * committed. {@link RequestTransitions} holds the rules; this class stores their results and completes the waiters.
 */
public final class RequestTracker implements AutoCloseable {

    private final RecentRequests recent;
    private final Map<Key, List<Waiter>> waiters = new HashMap<>();
    /** One object for all replies: this is the path of every claim. */
    private final Consumer<PendingReply> onClose = this::remove;
    private boolean closed;

    /** @param nanoTime a clock such as {@link System#nanoTime()} */
    public RequestTracker(RequestSettings settings, LongSupplier nanoTime) {
        this.recent = new RecentRequests(settings, nanoTime);
    }

    /** Records a committed outcome. */
    public synchronized void record(CouponOutcome outcome) {
        Key key = Key.of(Subject.of(outcome));
        recent.put(key, RequestTransitions.afterOutcome(recent.get(key), outcome));
        completeWaits(key, outcome);
        if (outcome instanceof IssueRevoked revoked) {
            Key claim = Key.of(Subject.ofClaim(revoked));
            recent.put(claim, RequestTransitions.afterRevocation(recent.get(claim), revoked));
            completeWaits(claim, revoked);
        }
    }

    private void completeWaits(Key key, CouponOutcome outcome) {
        for (Waiter waiter : waitersOf(key)) {
            if (RequestTransitions.completes(waiter.awaited, outcome)) {
                waiter.reply.complete(outcome);
            } else if (waiter.awaited instanceof Acknowledgement) {
                waiter.beforeAcknowledgement.add(outcome);
            }
        }
    }

    /**
     * Records a claim that the log contains since {@code appendedAt}, whichever ingress sent the claim. Claims and
     * outcomes are read independently of each other, so the outcome of this claim may be known already.
     */
    public synchronized void record(IssueCoupon claim, Instant appendedAt) {
        recordCommand(Subject.of(claim), appendedAt);
    }

    private RequestStatus recordCommand(Subject subject, Instant appendedAt) {
        Key key = Key.of(subject);
        RequestStatus before = recent.get(key);
        RequestStatus after = RequestTransitions.afterCommand(before, subject, appendedAt, recent.forgottenUntil());
        if (after != before) {
            recent.put(key, after);
            for (Waiter waiter : waitersOf(key)) {
                if (waiter.awaited instanceof AnyChange) {
                    waiter.reply.completeWithoutOutcome();
                }
            }
        }
        return after;
    }

    private List<Waiter> waitersOf(Key key) {
        return waiters.getOrDefault(key, List.of());
    }

    /** The status of a request; empty when the request is unknown or forgotten. */
    public synchronized Optional<RequestStatus> find(CouponId couponId, RequestId requestId) {
        return Optional.ofNullable(recent.get(new Key(couponId, requestId)));
    }

    /** The status of the latest request with this id, of any coupon; empty when none is known. */
    public synchronized Optional<RequestStatus> lastUseOf(RequestId requestId) {
        return Optional.ofNullable(recent.latestOf(requestId));
    }

    /**
     * The status of a request, which may become known only within the timeout.
     *
     * @return empty when nothing about the request was read in time
     */
    public Optional<RequestStatus> await(CouponId couponId, RequestId requestId, Duration timeout)
            throws InterruptedException {
        try (PendingReply change = awaitChange(couponId, requestId)) {
            change.await(timeout);
        }
        return find(couponId, requestId);
    }

    private synchronized PendingReply awaitChange(CouponId couponId, RequestId requestId) {
        Subject subject = new Subject(couponId, requestId, null);
        PendingReply reply = open(subject, new AnyChange());
        if (recent.get(Key.of(subject)) != null) {
            reply.completeWithoutOutcome();
        }
        return reply;
    }

    /** The issue to a user that this ingress has read lately; empty when none is known. */
    public synchronized Optional<CouponIssued> issueTo(CouponId couponId, UserId userId) {
        return recent.issueTo(couponId, userId);
    }

    /**
     * Opens the wait for the answer to a command, before the command is sent. The reply completes only after
     * {@link #acknowledged}, because the append time tells the answer from those to earlier commands with the same id.
     */
    public synchronized PendingReply expect(CouponCommand command) {
        return open(Subject.of(command), new Acknowledgement());
    }

    /** Opens the wait for any answer to a request of any sender. The request need not be known yet. */
    public synchronized PendingReply watch(CouponId couponId, RequestId requestId) {
        Subject subject = new Subject(couponId, requestId, null);
        RequestStatus known = recent.get(Key.of(subject));
        PendingReply reply = open(subject, RequestTransitions.anyAnswer(known));
        if (known instanceof Decided(_, var outcome)) {
            reply.complete(outcome);
        }
        return reply;
    }

    private PendingReply open(Subject subject, Awaited awaited) {
        PendingReply reply = new PendingReply(subject, onClose);
        if (closed) {
            reply.completeWithoutOutcome();
        }
        waiters.computeIfAbsent(Key.of(subject), _ -> new ArrayList<>(1)).add(new Waiter(reply, awaited));
        return reply;
    }

    /**
     * Records that the broker appended an expected command at {@code appendedAt}. The answer may have been read before
     * the acknowledgement came; in this case the reply completes at once.
     */
    public synchronized void acknowledged(PendingReply reply, Instant appendedAt) {
        Subject subject = reply.subject();
        Awaited answer = new AnswerTo(subject, appendedAt);
        for (Waiter waiter : waitersOf(Key.of(subject))) {
            if (waiter.reply == reply) {
                waiter.awaited = answer;
                waiter.beforeAcknowledgement.stream().filter(it -> RequestTransitions.completes(answer, it))
                        .forEach(reply::complete);
            }
        }
        if (recordCommand(subject, appendedAt) instanceof Decided(_, var outcome)
                && RequestTransitions.completes(answer, outcome)) {
            reply.complete(outcome);
        }
    }

    private synchronized void remove(PendingReply reply) {
        waiters.computeIfPresent(Key.of(reply.subject()), (_, ofKey) -> {
            ofKey.removeIf(waiter -> waiter.reply == reply);
            return ofKey.isEmpty() ? null : ofKey;
        });
    }

    /** The number of open replies. */
    public synchronized int waiting() {
        return waiters.values().stream().mapToInt(List::size).sum();
    }

    /** Completes all replies without an outcome, those that open later too: the service stops and answers "pending". */
    @Override
    public synchronized void close() {
        closed = true;
        waiters.values().forEach(ofKey -> ofKey.forEach(waiter -> waiter.reply.completeWithoutOutcome()));
    }

    /** A reply and what it waits for. */
    private static final class Waiter {

        private final PendingReply reply;
        /**
         * The outcomes read before the acknowledgement. They are kept here, because the tracker may forget the request
         * between its outcome and its acknowledgement.
         */
        private final List<CouponOutcome> beforeAcknowledgement = new ArrayList<>(0);
        private Awaited awaited;

        Waiter(PendingReply reply, Awaited awaited) {
            this.reply = reply;
            this.awaited = awaited;
        }
    }
}
