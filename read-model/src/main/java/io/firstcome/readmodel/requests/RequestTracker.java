package io.firstcome.readmodel.requests;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.readmodel.requests.Awaited.Acknowledgement;
import io.firstcome.readmodel.requests.Awaited.AnswerTo;
import io.firstcome.readmodel.requests.Awaited.AnyChange;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Subject;

/**
 * The latest claims of all ingresses: which ones the log contains, and what the authority decided. A request id belongs
 * to its user: claims of different users with the same id are different requests. The tracker forgets old claims and
 * reads with a short delay. So an unknown claim may still exist, but a known status is committed.
 * {@link RequestTransitions} holds the rules; this class stores their results and completes the waiters. The answers to
 * operators' commands and to revocations reach their waiters and are not stored.
 */
public final class RequestTracker implements AutoCloseable {

    private final RecentRequests recent;
    private final BiConsumer<CouponId, Instant> onForgotten;
    private final Map<Key, Map<Subject, List<Waiter>>> waiters = new HashMap<>();
    /** One object for all replies: this is the path of every claim. */
    private final Consumer<PendingReply> onClose = this::remove;
    private boolean closed;

    /** The ids that several senders may have chosen. */
    private record Key(CouponId couponId, RequestId requestId) {

        static Key of(Subject subject) {
            return new Key(subject.couponId(), subject.requestId());
        }
    }

    /**
     * @param nanoTime a clock such as {@link System#nanoTime()}
     * @param onForgotten receives the coupon and the append time of each claim that is in the log, may be undecided and
     *     is not known here any more. It must not call this tracker
     */
    public RequestTracker(RequestSettings settings, LongSupplier nanoTime,
            BiConsumer<CouponId, Instant> onForgotten) {
        this.recent = new RecentRequests(settings, nanoTime, onForgotten);
        this.onForgotten = onForgotten;
    }

    /** Records a committed outcome. */
    public synchronized void record(CouponOutcome outcome) {
        Subject subject = Subject.of(outcome);
        switch (outcome) {
            case CouponIssued _,IssueRejected _ -> recordOutcome(subject, outcome);
            case CommandInvalid invalid -> recordOutcome(RequestTransitions.claimOf(invalid,
                    recent.latestOf(subject.couponId(), subject.requestId())), outcome);
            case IssueRevoked revoked -> {
                Subject claim = Subject.ofClaim(revoked);
                recordOutcome(claim, revoked);
                completeWaits(claim, revoked);
            }
            case CouponChanged _,ChangeRejected _ -> {
                // Only the sender waits for the answer.
            }
        }
        completeWaits(subject, outcome);
    }

    private void recordOutcome(Subject claim, CouponOutcome outcome) {
        RequestStatus known = recent.get(claim.couponId(), claim.requestId(), claim.userId());
        recent.put(claim, RequestTransitions.afterOutcome(known, claim, outcome));
    }

    private void completeWaits(Subject subject, CouponOutcome outcome) {
        Map<Subject, List<Waiter>> ofKey = waiters.get(Key.of(subject));
        if (ofKey == null) {
            return;
        }
        switch (outcome) {
            case CouponIssued _,IssueRejected _,IssueRevoked _ -> {
                completeWaits(ofKey.get(subject), outcome);
                if (subject.userId() != null) {
                    completeWaits(ofKey.get(anyUser(subject)), outcome);
                }
            }
            case ChangeRejected _ -> completeWaits(ofKey.get(subject), outcome);
            // These outcomes do not name the sender.
            case CommandInvalid _,CouponChanged _ ->
                ofKey.values().forEach(ofSubject -> completeWaits(ofSubject, outcome));
        }
    }

    private static void completeWaits(List<Waiter> ofSubject, CouponOutcome outcome) {
        for (Waiter waiter : ofSubject == null ? List.<Waiter>of() : ofSubject) {
            if (RequestTransitions.completes(waiter.awaited, outcome)) {
                waiter.reply.complete(outcome);
            } else if (waiter.awaited instanceof Acknowledgement) {
                waiter.beforeAcknowledgement.add(outcome);
            }
        }
    }

    /**
     * Records a claim that the log contains since {@code appendedAt}, no matter which ingress sent it. Claims and
     * outcomes are read independently of each other, so the outcome of this claim may be known already.
     */
    public synchronized void record(IssueCoupon claim, Instant appendedAt) {
        recordClaim(Subject.of(claim), appendedAt);
    }

    private RequestStatus recordClaim(Subject claim, Instant appendedAt) {
        RequestStatus before = recent.get(claim.couponId(), claim.requestId(), claim.userId());
        RequestStatus withoutUser = recent.get(claim.couponId(), claim.requestId(), null);
        RequestStatus after = RequestTransitions.afterClaim(before, withoutUser, claim, appendedAt,
                recent.forgottenUntil(claim.couponId()));
        if (after == null) {
            onForgotten.accept(claim.couponId(), appendedAt);
        } else if (after != before) {
            recent.put(claim, after);
            for (Waiter waiter : waitersOf(claim)) {
                if (waiter.awaited instanceof AnyChange) {
                    waiter.reply.completeWithoutOutcome();
                }
            }
        }
        return after;
    }

    private List<Waiter> waitersOf(Subject subject) {
        return waiters.getOrDefault(Key.of(subject), Map.of()).getOrDefault(subject, List.of());
    }

    /** The status of a user's claim; empty when the claim is unknown or forgotten. */
    public synchronized Optional<RequestStatus> find(CouponId couponId, RequestId requestId, UserId userId) {
        return Optional.ofNullable(recent.get(couponId, requestId, userId));
    }

    /** The status of the claim with these ids that changed last, of any user; empty when none is known. */
    public synchronized Optional<RequestStatus> findOfAnyUser(CouponId couponId, RequestId requestId) {
        return Optional.ofNullable(recent.latestOf(couponId, requestId));
    }

    /** Whether claims of several users with these ids are known. */
    public synchronized boolean isOfSeveralUsers(CouponId couponId, RequestId requestId) {
        return recent.isOfSeveralUsers(couponId, requestId);
    }

    /** The status of the latest claim of a user with this id, on any coupon; empty when none is known. */
    public synchronized Optional<RequestStatus> lastUseOf(RequestId requestId, UserId userId) {
        return Optional.ofNullable(recent.lastUse(userId, requestId));
    }

    /**
     * Whether there were more pending claims than the tracker remembers, within the retention: a claim that it does not
     * know may be in the log.
     */
    public synchronized boolean hasForgottenPending() {
        return recent.hasEvictedPending();
    }

    /**
     * The status of a user's claim, which may become known only within the timeout.
     *
     * @return empty when nothing about the claim was read in time
     */
    public Optional<RequestStatus> await(CouponId couponId, RequestId requestId, UserId userId, Duration timeout)
            throws InterruptedException {
        try (PendingReply change = awaitChange(new Subject(couponId, requestId, userId))) {
            change.await(timeout);
        }
        return find(couponId, requestId, userId);
    }

    private synchronized PendingReply awaitChange(Subject claim) {
        PendingReply reply = open(claim, new AnyChange());
        if (recent.get(claim.couponId(), claim.requestId(), claim.userId()) != null) {
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

    /**
     * Opens the wait for an answer to a claim, which need not be known yet.
     *
     * @param userId empty for the first answer to a claim of any user
     */
    public synchronized PendingReply watch(CouponId couponId, RequestId requestId, Optional<UserId> userId) {
        RequestStatus known = userId.isPresent()
                ? recent.get(couponId, requestId, userId.get())
                : recent.latestOf(couponId, requestId);
        PendingReply reply = open(new Subject(couponId, requestId, userId.orElse(null)),
                RequestTransitions.anyAnswer(known));
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
        waiters.computeIfAbsent(Key.of(subject), _ -> new HashMap<>(2)).computeIfAbsent(subject,
                _ -> new ArrayList<>(1)).add(new Waiter(reply, awaited));
        return reply;
    }

    /** The subject under which {@link #watch} waits for a claim of any user; an operator's command has it too. */
    private static Subject anyUser(Subject subject) {
        return new Subject(subject.couponId(), subject.requestId(), null);
    }

    /**
     * Records that the broker appended an expected command at {@code appendedAt}. The answer may have been read before
     * the acknowledgement came; in this case the reply completes at once.
     */
    public synchronized void acknowledged(PendingReply reply, Instant appendedAt) {
        Subject subject = reply.subject();
        Awaited answer = new AnswerTo(subject, appendedAt);
        for (Waiter waiter : waitersOf(subject)) {
            if (waiter.reply == reply) {
                waiter.awaited = answer;
                waiter.beforeAcknowledgement.stream().filter(it -> RequestTransitions.completes(answer, it))
                        .forEach(reply::complete);
            }
        }
        if (subject.userId() != null && recordClaim(subject, appendedAt) instanceof Decided(_, var outcome)
                && RequestTransitions.completes(answer, outcome)) {
            reply.complete(outcome);
        }
    }

    private synchronized void remove(PendingReply reply) {
        waiters.computeIfPresent(Key.of(reply.subject()), (_, ofKey) -> {
            ofKey.computeIfPresent(reply.subject(), (_, ofSubject) -> {
                ofSubject.removeIf(waiter -> waiter.reply == reply);
                return ofSubject.isEmpty() ? null : ofSubject;
            });
            return ofKey.isEmpty() ? null : ofKey;
        });
    }

    /** The number of open replies. */
    public synchronized int waiting() {
        return waiters.values().stream().flatMap(ofKey -> ofKey.values().stream()).mapToInt(List::size).sum();
    }

    /** Completes all replies without an outcome, those that open later too: the service stops and answers "pending". */
    @Override
    public synchronized void close() {
        closed = true;
        waiters.values().stream().flatMap(ofKey -> ofKey.values().stream()).flatMap(List::stream)
                .forEach(waiter -> waiter.reply.completeWithoutOutcome());
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
