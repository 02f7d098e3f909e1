package io.firstcome.ingress.claims;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.gate.admission.AdmissionGate;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.Rejected;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.LocalRejections;
import io.firstcome.ingress.claims.ClaimResult.Failed;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.CatchUpStatus;

/**
 * The path of a claim: the coupon must be known, an earlier attempt with the same Idempotency-Key must have no answer
 * yet, the gate must admit the claim, then the claim goes to the log. Each step answers only from committed facts;
 * whatever is uncertain goes to the log, which decides.
 */
final class ClaimService {

    /** How long a duplicate waits until this ingress has read the first request from the log. */
    private static final Duration DUPLICATE_WAIT = Duration.ofSeconds(1);

    private final CouponRegistry registry;
    private final CatchUpStatus catchUp;
    private final RequestTracker tracker;
    private final AdmissionGate gate;
    private final StockWait stockWait;
    private final PassThroughLimiter limiter;
    private final CommandPublisher publisher;
    private final InstantSource clock;
    private final Duration skew;

    /** @param catchUp whether the registry has read all coupons, and the tracker all claims, up to now */
    ClaimService(CouponRegistry registry, CatchUpStatus catchUp, RequestTracker tracker,
            AdmissionGate gate, StockWait stockWait, PassThroughLimiter limiter, CommandPublisher publisher,
            InstantSource clock, Duration skew) {
        this.registry = registry;
        this.catchUp = catchUp;
        this.tracker = tracker;
        this.gate = gate;
        this.stockWait = stockWait;
        this.limiter = limiter;
        this.publisher = publisher;
        this.clock = clock;
        this.skew = skew;
    }

    /** Answers a claim; blocks for the waits of the settings and {@link Claim#maxWait()} at most. */
    ClaimResult claim(Claim claim) throws InterruptedException {
        if (!catchUp.isCurrent()) {
            return Failed.of(ProblemType.UNAVAILABLE);
        }
        if (registry.find(claim.couponId()).isEmpty()) {
            return ClaimResult.Rejected.of(RejectionReason.UNKNOWN_COUPON);
        }
        switch (claim.hasKey() ? earlierAttempt(claim) : null) {
            case null -> {
            }
            case RequestStatus other when !other.subject().equals(Subject.of(claim.command())) -> {
                return Failed.of(ProblemType.IDEMPOTENCY_KEY_REUSED);
            }
            case Pending pending -> {
                // The log has the request: appending it again would only add load.
                try (PendingReply reply = tracker.expect(claim.command())) {
                    return awaitDecision(claim, reply, pending.appendedAt());
                }
            }
            case Decided decided -> {
                if (!hasOpenedSince(decided.outcome())) {
                    return ClaimResult.of(decided.outcome());
                }
            }
        }
        return switch (stockWait.ask(claim.couponId(), () -> admit(claim))) {
            case Admitted _ -> publish(claim);
            case AlreadyIssued held -> held.requestId().equals(claim.requestId())
                    ? new ClaimResult.Issued(held.sequence(), held.issuedAt())
                    : ClaimResult.Rejected.alreadyIssued(held.sequence());
            // An earlier attempt may be in the log since before the end and still be undecided.
            case Rejected rejected when rejected.reason() == RejectionReason.ENDED && claim.hasKey()
                    && !registry.isEndDecided(state(claim)) ->
                publishWithoutGate(claim);
            case Rejected rejected -> new ClaimResult.Rejected(rejected.reason(), null, rejected.opensAt());
            case InFlight inFlight -> duplicate(claim, inFlight);
            case Full _ -> Failed.of(ProblemType.STOCK_RESERVED);
            case Cold _,Unavailable _ -> publishWithoutGate(claim);
        };
    }

    /**
     * The last request with the claim's Idempotency-Key, or null. A request of the same user and coupon comes first:
     * what other users did with the key later must not change the answer.
     */
    private RequestStatus earlierAttempt(Claim claim) {
        return tracker.find(claim.couponId(), claim.requestId())
                .filter(status -> status.subject().equals(Subject.of(claim.command())))
                .or(() -> tracker.lastUseOf(claim.requestId())).orElse(null);
    }

    /** NOT_STARTED is valid only until opensAt minus the clock skew; every other outcome stays valid for its key. */
    private boolean hasOpenedSince(CouponOutcome outcome) {
        return outcome instanceof IssueRejected rejected && rejected.reason() == RejectionReason.NOT_STARTED
                && !clock.instant().isBefore(rejected.opensAt().minus(skew));
    }

    /**
     * Asks the gate, except where the coupon's state in the read model already rejects the claim. A claim with an
     * Idempotency-Key may be the repetition of one that was issued the coupon, which only the gate and the log know: it
     * always goes to the gate.
     */
    private AdmissionOutcome admit(Claim claim) {
        CouponState state = state(claim);
        Optional<Rejected> rejection = claim.hasKey()
                ? Optional.empty()
                : LocalRejections.of(state, clock.instant(), skew);
        if (rejection.isPresent()) {
            // A holder who lost the connection and claims again must not hear "sold out".
            return tracker.issueTo(claim.couponId(), claim.userId())
                    .<AdmissionOutcome>map(
                            held -> new AlreadyIssued(held.sequence(), held.requestId(), held.issuedAt()))
                    .orElse(rejection.get());
        }
        return gate.admit(new AdmissionRequest(state, claim.userId(), claim.requestId())).toCompletableFuture().join();
    }

    private CouponState state(Claim claim) {
        return registry.find(claim.couponId()).orElseThrow();
    }

    /**
     * Another request of the user has a reservation, which does not prove that the log has it: only what was read
     * counts.
     */
    private ClaimResult duplicate(Claim claim, InFlight inFlight) throws InterruptedException {
        RequestStatus earlier = tracker.await(claim.couponId(), inFlight.earlier(), DUPLICATE_WAIT)
                .filter(status -> claim.userId().equals(status.subject().userId())).orElse(null);
        return switch (earlier) {
            case Pending pending -> new ClaimResult.Pending(pending.subject().requestId());
            case Decided(_, CouponIssued issued) -> ClaimResult.Rejected.alreadyIssued(issued.sequence());
            case Decided _ -> publishWithoutGate(claim);
            case null -> publishWithoutGate(claim);
        };
    }

    private ClaimResult publishWithoutGate(Claim claim) throws InterruptedException {
        return limiter.tryPass() ? publish(claim) : Failed.of(ProblemType.OVERLOADED);
    }

    private ClaimResult publish(Claim claim) throws InterruptedException {
        try (PendingReply reply = tracker.expect(claim.command())) {
            return switch (publisher.publish(claim.command()).toCompletableFuture().join()) {
                case Appended appended -> awaitDecision(claim, reply, appended.at());
                case Unknown _ -> Failed.of(ProblemType.OUTCOME_UNKNOWN);
                case NotSent _ -> Failed.of(ProblemType.UNAVAILABLE);
            };
        }
    }

    /**
     * A caller who does not wait hears "pending" even when the decision is already there, so the answer is predictable.
     */
    private ClaimResult awaitDecision(Claim claim, PendingReply reply, Instant appendedAt)
            throws InterruptedException {
        tracker.acknowledged(reply, appendedAt);
        Optional<CouponOutcome> outcome = claim.maxWait().isZero() ? Optional.empty() : reply.await(claim.maxWait());
        return outcome.map(ClaimResult::of).orElseGet(() -> new ClaimResult.Pending(claim.requestId()));
    }
}
