package io.firstcome.ingress.claims;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.id.RequestId;
import io.firstcome.gate.admission.AdmissionGate;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.LimitReached;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.LocalRejections;
import io.firstcome.ingress.claims.ClaimResult.Awaited;
import io.firstcome.ingress.claims.ClaimResult.Failed;
import io.firstcome.ingress.claims.SoldOutCache.UnreservedClaim;
import io.firstcome.ingress.limits.ClaimProtection.Permit;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.publishing.Publication;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.readmodel.CouponCatchUp;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;
import io.firstcome.readmodel.requests.RequestTracker;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;

/**
 * The path of a claim: the coupon must be known, an earlier attempt with the same Idempotency-Key must have no answer
 * yet, the gate must admit the claim, then the claim goes to the log. Each step answers only from committed facts;
 * what is uncertain goes to the log, which decides.
 */
final class ClaimService {

    /** How long a duplicate waits until this ingress has read the first request from the log. */
    static final Duration DUPLICATE_WAIT = Duration.ofSeconds(1);

    /** How long a claim that may not pass without the gate waits for an answer of the gate. */
    static final Duration GATE_WAIT = Duration.ofSeconds(1);
    /** The shortest interval between two questions of such a claim; the longest is twice as long. */
    private static final Duration GATE_RETRY_INTERVAL = Duration.ofMillis(100);

    private final CouponRegistry registry;
    private final CouponLookup coupons;
    private final CouponCatchUp catchUp;
    private final RequestTracker tracker;
    private final SoldOutCache soldOutCache;
    private final AdmissionGate gate;
    private final StockWait stockWait;
    private final PassThroughLimiter limiter;
    private final CommandPublisher publisher;
    private final InstantSource clock;
    private final Supplier<Duration> skew;
    private final Tracing tracing;

    /** @param catchUp whether the registry has read the coupon, and the tracker its claims, up to now */
    ClaimService(CouponRegistry registry, CouponLookup coupons, CouponCatchUp catchUp, RequestTracker tracker,
            SoldOutCache soldOutCache,
            AdmissionGate gate, StockWait stockWait, PassThroughLimiter limiter, CommandPublisher publisher,
            InstantSource clock, Supplier<Duration> skew, Tracing tracing) {
        this.registry = registry;
        this.coupons = coupons;
        this.catchUp = catchUp;
        this.tracker = tracker;
        this.soldOutCache = soldOutCache;
        this.gate = gate;
        this.stockWait = stockWait;
        this.limiter = limiter;
        this.publisher = publisher;
        this.clock = clock;
        this.skew = skew;
        this.tracing = tracing;
    }

    /**
     * Answers a claim, except that a caller who waits gets {@link Awaited} once the log has the claim. Blocks for the
     * waits of the settings at most.
     *
     * @param permit is released when the claim waits for stock
     * @param caller is watched while the claim waits for stock
     */
    ClaimResult claim(Claim claim, Permit permit, StockWait.Caller caller) throws InterruptedException {
        if (!catchUp.isCurrent(claim.couponId())) {
            return Failed.of(ProblemType.UNAVAILABLE);
        }
        switch (coupons.find(claim.couponId())) {
            case CouponLookup.Result.Known _ -> {
            }
            case CouponLookup.Result.Undefined _ -> {
                return ClaimResult.Rejected.of(RejectionReason.UNKNOWN_COUPON);
            }
            case CouponLookup.Result.NotCurrent _ -> {
                return Failed.of(ProblemType.UNAVAILABLE);
            }
        }
        switch (claim.hasKey() ? earlierAttempt(claim) : null) {
            case null -> {
            }
            case RequestStatus other when !other.subject().equals(Subject.of(claim.command())) -> {
                return Failed.of(ProblemType.IDEMPOTENCY_KEY_REUSED);
            }
            case Pending pending -> {
                return alreadyInLog(claim, pending, true);
            }
            case Decided decided -> {
                if (!mayHaveOpenedSince(claim, decided.outcome())) {
                    return ClaimResult.of(decided.outcome());
                }
            }
        }
        try (StockWait.Turn turn = stockWait.turn(claim.couponId(), permit, caller)) {
            return answer(claim, turn, turn.ask(claim.waitLeft(), () -> admit(claim)));
        }
    }

    private ClaimResult answer(Claim claim, StockWait.Turn turn, AdmissionOutcome outcome) throws InterruptedException {
        return switch (outcome) {
            case Admitted _ -> publish(claim);
            case AlreadyIssued held -> held.requestId().equals(claim.requestId())
                    ? new ClaimResult.Issued(held.requestId(), held.sequence(), held.issuedAt())
                    : ClaimResult.Rejected.alreadyIssued(held.sequence());
            case LimitReached held -> ClaimResult.Rejected.limitReached(held.sequences());
            // An earlier attempt may be in the log since before the end and still be undecided.
            case Rejected rejected when rejected.reason() == RejectionReason.ENDED && claim.hasKey()
                    && !registry.isEndDecided(state(claim)) ->
                publishWithoutGate(claim);
            case Rejected rejected -> new ClaimResult.Rejected(rejected.reason(), null, rejected.opensAt(), null);
            case InFlight inFlight -> duplicate(claim, turn, inFlight);
            case Full _ -> Failed.of(ProblemType.STOCK_RESERVED);
            case Cold _ -> publishWithoutGate(claim);
            case Unavailable _ -> limiter.tryPass() ? publishUnreserved(claim) : claimOnceGateAnswers(claim, turn);
        };
    }

    /**
     * The user's last request with the claim's Idempotency-Key, or null. A request for the same coupon comes first:
     * what the user did with the key later must not change the answer. Requests of other users do not count.
     */
    private RequestStatus earlierAttempt(Claim claim) {
        return tracker.find(claim.couponId(), claim.requestId(), claim.userId())
                .or(() -> tracker.lastUseOf(claim.requestId(), claim.userId())).orElse(null);
    }

    /**
     * NOT_STARTED is valid only until opensAt minus the clock skew, and until an operator moves opensAt; every other
     * outcome stays valid for its key.
     */
    private boolean mayHaveOpenedSince(Claim claim, CouponOutcome outcome) {
        return outcome instanceof IssueRejected rejected && rejected.reason() == RejectionReason.NOT_STARTED
                && (!clock.instant().isBefore(rejected.opensAt().minus(skew.get()))
                        || !rejected.opensAt().equals(state(claim).definition().opensAt()));
    }

    /**
     * Asks the gate, except where {@link SoldOutCache} already rejects the claim. The user may hold the sold-out
     * coupon, and a claim with an Idempotency-Key may have been sent before: the cache excludes both.
     */
    private AdmissionOutcome admit(Claim claim) {
        CouponState state = state(claim);
        Rejected rejection = LocalRejections.of(state, clock.instant(), skew.get())
                .filter(_ -> soldOutCache.isFresh(claim.couponId())).orElse(null);
        boolean soldOut = rejection != null && rejection.reason() == RejectionReason.SOLD_OUT;
        if (soldOut && soldOutCache.mayReject(state, claim.userId(), claim.hasKey())) {
            return rejection;
        }
        if (rejection != null && !claim.hasKey()) {
            // A holder who lost the connection and claims again must not hear "ended" or "paused".
            Optional<CouponIssued> held = tracker.issueTo(claim.couponId(), claim.userId());
            boolean mayHoldOne = state.definition().perUser() == 1;
            if (held.isPresent() && mayHoldOne) {
                return new AlreadyIssued(held.get().sequence(), held.get().requestId(), held.get().issuedAt());
            }
            // Only the gate counts what a user holds of a coupon that a user may hold several times.
            if (held.isEmpty() && !soldOut) {
                return rejection;
            }
        }
        AdmissionOutcome reply = askGate(new AdmissionRequest(state, claim.userId(), claim.requestId()));
        if (reply instanceof Rejected(RejectionReason reason, _, boolean hasReservations)
                && reason == RejectionReason.SOLD_OUT && !hasReservations) {
            soldOutCache.noReservationLeft(state);
        }
        return reply;
    }

    /** The span has the time in the queue and the round trip, which this claim may share with others. */
    private AdmissionOutcome askGate(AdmissionRequest request) {
        Span span = tracing.begin("gate check", SpanKind.CLIENT, request.requestId(), request.couponId());
        try {
            AdmissionOutcome reply = gate.admit(request).toCompletableFuture().join();
            span.setAttribute("firstcome.gate.reply", reply.word());
            return reply;
        } finally {
            span.end();
        }
    }

    private CouponState state(Claim claim) {
        return registry.find(claim.couponId()).orElseThrow();
    }

    /**
     * Another request of the user has a reservation, which does not prove that the log has it: only what was read
     * counts. A caller who waits gets the decision on the earlier request where a user may hold one coupon. Where a
     * user may hold several, the earlier decision does not tell whether the user gets another one: it is awaited, and
     * then the claim is judged anew.
     */
    private ClaimResult duplicate(Claim claim, StockWait.Turn turn, InFlight inFlight) throws InterruptedException {
        RequestStatus earlier = tracker
                .await(claim.couponId(), inFlight.earlier(), claim.userId(), DUPLICATE_WAIT).orElse(null);
        boolean mayHoldOne = state(claim).definition().perUser() == 1;
        return switch (earlier) {
            case Pending pending -> alreadyInLog(claim, pending, mayHoldOne);
            case Decided(_, CouponIssued issued) when mayHoldOne ->
                ClaimResult.Rejected.alreadyIssued(issued.sequence());
            case Decided _ when !mayHoldOne -> claimOnceGateIsSettled(claim, turn, inFlight);
            case Decided _ -> publishWithoutGate(claim);
            case null -> publishWithoutGate(claim);
        };
    }

    /** The gate may read the decision on the earlier request later than this ingress. */
    private ClaimResult claimOnceGateIsSettled(Claim claim, StockWait.Turn turn, InFlight earlier)
            throws InterruptedException {
        Optional<AdmissionOutcome> outcome = askAgain(claim, turn, earlier::equals);
        return outcome.isPresent() ? answer(claim, turn, outcome.get()) : publishWithoutGate(claim);
    }

    /**
     * A burst of claims makes replies late, which looks like a failure of Redis: most of these claims are admitted by
     * the next reply.
     */
    private ClaimResult claimOnceGateAnswers(Claim claim, StockWait.Turn turn) throws InterruptedException {
        Optional<AdmissionOutcome> outcome = askAgain(claim, turn, Unavailable.class::isInstance);
        return outcome.isPresent() ? answer(claim, turn, outcome.get()) : Failed.of(ProblemType.OVERLOADED);
    }

    /** Asks the gate for a moment, until the outcome is another one. */
    private Optional<AdmissionOutcome> askAgain(Claim claim, StockWait.Turn turn, Predicate<AdmissionOutcome> isSame)
            throws InterruptedException {
        long deadline = System.nanoTime() + GATE_WAIT.toNanos();
        while (System.nanoTime() < deadline) {
            // A random share spreads the requests of all waiters over time.
            long nanos = GATE_RETRY_INTERVAL.toNanos();
            TimeUnit.NANOSECONDS.sleep(nanos + ThreadLocalRandom.current().nextLong(nanos));
            AdmissionOutcome outcome = turn.ask(claim.waitLeft(), () -> admit(claim));
            if (!isSame.test(outcome)) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }

    private ClaimResult publishWithoutGate(Claim claim) {
        return limiter.tryPass() ? publishUnreserved(claim) : Failed.of(ProblemType.OVERLOADED);
    }

    private ClaimResult publishUnreserved(Claim claim) {
        UnreservedClaim sent = soldOutCache.sendingUnreserved(claim.command());
        ClaimResult result = publish(claim);
        if (!(result instanceof Failed)) {
            sent.acknowledged();
        }
        return result;
    }

    private ClaimResult publish(Claim claim) {
        if (claim.maxWait().isZero()) {
            return publishWithoutWaiting(claim);
        }
        PendingReply reply = tracker.expect(claim.command());
        boolean isAwaited = false;
        try {
            Publication publication = publisher.publish(claim.command()).toCompletableFuture().join();
            if (publication instanceof Appended appended) {
                tracker.acknowledged(reply, appended.at());
                isAwaited = true;
                return new Awaited(claim.requestId(), reply, true);
            }
            return failure(publication);
        } finally {
            if (!isAwaited) {
                reply.close();
            }
        }
    }

    /** Registers no reply, because most callers do not wait and a reply costs time and memory. */
    private ClaimResult publishWithoutWaiting(Claim claim) {
        Publication publication = publisher.publish(claim.command()).toCompletableFuture().join();
        if (publication instanceof Appended appended) {
            tracker.record(claim.command(), appended.at());
            return new ClaimResult.Pending(claim.requestId());
        }
        return failure(publication);
    }

    private static ClaimResult failure(Publication publication) {
        return switch (publication) {
            case Unknown _ -> Failed.of(ProblemType.OUTCOME_UNKNOWN);
            case NotSent _ -> Failed.of(ProblemType.UNAVAILABLE);
            case Appended _ -> throw new IllegalArgumentException("not a failure: " + publication);
        };
    }

    /**
     * The log has this request or an earlier one of the user: appending the claim would only add load. A caller who
     * does not wait hears "pending" even when the decision is already there, so the answer is predictable.
     *
     * @param isAnswer whether the decision on the request in the log is the answer to the claim
     */
    private ClaimResult alreadyInLog(Claim claim, Pending pending, boolean isAnswer) {
        RequestId requestId = pending.subject().requestId();
        if (claim.maxWait().isZero()) {
            return new ClaimResult.Pending(requestId);
        }
        PendingReply reply = tracker.expect(new IssueCoupon(requestId, claim.couponId(), claim.userId()));
        tracker.acknowledged(reply, pending.appendedAt());
        return new Awaited(requestId, reply, isAnswer);
    }

    /**
     * Waits for a decision without a thread, and closes the reply.
     *
     * @return the decision, or {@link ClaimResult.Pending} when the caller waits no longer or when the tracker is
     *     closed; completes on a virtual thread
     */
    CompletionStage<ClaimResult> decision(Claim claim, Awaited awaited) {
        Span span = tracing.begin("await outcome", SpanKind.INTERNAL, awaited.requestId(), claim.couponId());
        return awaited.reply().within(claim.waitLeft()).thenApply(outcome -> {
            span.end();
            awaited.reply().close();
            return outcome.map(ClaimResult::of).orElseGet(() -> new ClaimResult.Pending(awaited.requestId()));
        });
    }
}
