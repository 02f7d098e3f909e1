package io.firstcome.ingress.claims;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.RejectionReason;
import io.firstcome.contract.RequestId;
import io.firstcome.gate.admission.AdmissionGate;
import io.firstcome.gate.admission.AdmissionOutcome;
import io.firstcome.gate.admission.AdmissionOutcome.Admitted;
import io.firstcome.gate.admission.AdmissionOutcome.AlreadyIssued;
import io.firstcome.gate.admission.AdmissionOutcome.Cold;
import io.firstcome.gate.admission.AdmissionOutcome.Ended;
import io.firstcome.gate.admission.AdmissionOutcome.Full;
import io.firstcome.gate.admission.AdmissionOutcome.InFlight;
import io.firstcome.gate.admission.AdmissionOutcome.Refusal;
import io.firstcome.gate.admission.AdmissionOutcome.Unavailable;
import io.firstcome.gate.admission.AdmissionRequest;
import io.firstcome.gate.admission.Refusals;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.publishing.Publication;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.CatchUpStatus;

/**
 * The way of a claim: registry, memory, gate, log. Each station may answer only what it knows; what none of them knows,
 * the log decides.
 */
final class ClaimService {

    /** Within it the log acknowledges the first of two claims that were sent together, and it is heard of here. */
    private static final Duration DOUBLE_CLICK = Duration.ofSeconds(1);

    private final CouponRegistry registry;
    private final CatchUpStatus claimStatus;
    private final RequestTracker board;
    private final AdmissionGate gate;
    private final StockWait stockWait;
    private final PassThroughLimiter limiter;
    private final CommandPublisher publisher;
    private final InstantSource clock;
    private final Duration skew;

    ClaimService(CouponRegistry registry, CatchUpStatus claimStatus, RequestTracker board, AdmissionGate gate,
            StockWait stockWait, PassThroughLimiter limiter, CommandPublisher publisher, InstantSource clock,
            Duration skew) {
        this.registry = registry;
        this.claimStatus = claimStatus;
        this.board = board;
        this.gate = gate;
        this.stockWait = stockWait;
        this.limiter = limiter;
        this.publisher = publisher;
        this.clock = clock;
        this.skew = skew;
    }

    /** Answers a claim; blocks within the bounds of the settings and of the caller's patience. */
    ClaimResult answer(Claim claim) throws InterruptedException {
        if (!claimStatus.isCurrent()) {
            return new ClaimResult.Unavailable();
        }
        if (registry.find(claim.couponId()).isEmpty()) {
            return new ClaimResult.UnknownCoupon();
        }
        Optional<ClaimResult> remembered = claim.named() ? remembered(claim) : Optional.empty();
        return remembered.isPresent() ? remembered.get() : admitted(claim);
    }

    private Optional<ClaimResult> remembered(Claim claim) throws InterruptedException {
        return switch (lastUse(claim).orElse(null)) {
            case null -> Optional.empty();
            case RequestStatus other when !other.subject().equals(Subject.of(claim.command())) ->
                Optional.of(new ClaimResult.KeyReused());
            case Pending pending -> Optional.of(awaited(claim, pending));
            case Decided decided when hasOpenedSince(decided.outcome()) -> Optional.empty();
            // One attempt, one answer: whoever wants a new decision chooses a new key.
            case Decided decided -> Optional.of(Decision.of(decided.outcome()));
        };
    }

    /** Of this user and coupon if there is one: what others made of the id later takes no answer back. */
    private Optional<RequestStatus> lastUse(Claim claim) {
        return board.find(claim.couponId(), claim.requestId())
                .filter(verdict -> verdict.subject().equals(Subject.of(claim.command())))
                .or(() -> board.lastUseOf(claim.requestId()));
    }

    /** This answer says itself from when on it does not hold. */
    private boolean hasOpenedSince(CouponOutcome outcome) {
        return outcome instanceof IssueRejected rejected && rejected.reason() == RejectionReason.NOT_STARTED
                && !clock.instant().isBefore(rejected.opensAt().minus(skew));
    }

    /** The request stands in the log already: sending it again would bring nothing but load. */
    private ClaimResult awaited(Claim claim, Pending pending) throws InterruptedException {
        try (PendingReply expectation = board.expect(claim.command())) {
            board.acknowledged(expectation, pending.appendedAt());
            return decided(claim, expectation);
        }
    }

    private ClaimResult admitted(Claim claim) throws InterruptedException {
        return switch (stockWait.ask(claim.couponId(), () -> ask(claim))) {
            case Admitted admitted -> publish(claim);
            case AlreadyIssued held -> already(claim, held);
            case Ended ended when mayHaveBeenSentInTime(claim) -> passThrough(claim);
            case Refusal refusal -> new ClaimResult.Refused(refusal);
            case InFlight other -> inFlight(claim, other.earlier());
            case Full full -> new ClaimResult.StockReserved();
            case Cold cold -> passThrough(claim);
            case Unavailable unavailable -> passThrough(claim);
        };
    }

    private AdmissionOutcome ask(Claim claim) {
        CouponState known = registry.find(claim.couponId()).orElseThrow();
        Optional<AdmissionOutcome> answer = claim.named() ? Optional.empty() : fromMemory(claim, known);
        return answer.orElseGet(
                () -> gate.admit(new AdmissionRequest(known, claim.userId(), claim.requestId())).toCompletableFuture()
                        .join());
    }

    /** Not for a request that may have been sent before, and won: only the gate and the log can tell, not the counts. */
    private Optional<AdmissionOutcome> fromMemory(Claim claim, CouponState known) {
        return Refusals.of(known, clock.instant(), skew).map(refusal -> holding(claim).orElse(refusal));
    }

    /** A winner may have lost the connection, and ask once more: "sold out" would be news to make them give up. */
    private Optional<AdmissionOutcome> holding(Claim claim) {
        return board.issueTo(claim.couponId(), claim.userId())
                .map(held -> new AlreadyIssued(held.sequence(), held.requestId(), held.issuedAt()));
    }

    /** The clock says that the coupon is over; an earlier sending may still wait in the log, in time, for its decision. */
    private boolean mayHaveBeenSentInTime(Claim claim) {
        return claim.named() && !registry.isEndDecided(registry.find(claim.couponId()).orElseThrow());
    }

    private static ClaimResult already(Claim claim, AlreadyIssued held) {
        return held.requestId().equals(claim.requestId())
                ? new ClaimResult.Issued(held.sequence(), held.issuedAt())
                : new ClaimResult.AlreadyIssued(held.sequence());
    }

    /** A reservation proves no record in the log: only what has been read of the earlier request may be claimed of it. */
    private ClaimResult inFlight(Claim claim, RequestId earlier) throws InterruptedException {
        Optional<ClaimResult> known = board.await(claim.couponId(), earlier, DOUBLE_CLICK)
                .filter(verdict -> claim.userId().equals(verdict.subject().userId())).flatMap(ClaimService::ofEarlier);
        return known.isPresent() ? known.get() : passThrough(claim);
    }

    private static Optional<ClaimResult> ofEarlier(RequestStatus verdict) {
        return switch (verdict) {
            case Pending pending -> Optional.of(new ClaimResult.Pending(pending.subject().requestId()));
            case Decided decided -> decided.outcome() instanceof CouponIssued issued
                    ? Optional.of(new ClaimResult.AlreadyIssued(issued.sequence()))
                    : Optional.empty();
        };
    }

    private ClaimResult passThrough(Claim claim) throws InterruptedException {
        return limiter.tryPass() ? publish(claim) : new ClaimResult.Overloaded();
    }

    private ClaimResult publish(Claim claim) throws InterruptedException {
        try (PendingReply expectation = board.expect(claim.command())) {
            Publication publication = publisher.publish(claim.command()).toCompletableFuture().join();
            return switch (publication) {
                case Appended appended -> {
                    board.acknowledged(expectation, appended.at());
                    yield decided(claim, expectation);
                }
                case Unknown unknown -> new ClaimResult.OutcomeUnknown();
                case NotSent notSent -> new ClaimResult.Unavailable();
            };
        }
    }

    /** Who does not want to wait is told that the claim is pending, also when the decision happens to be faster. */
    private static ClaimResult decided(Claim claim, PendingReply expectation) throws InterruptedException {
        Optional<CouponOutcome> outcome = claim.patience().isZero()
                ? Optional.empty()
                : expectation.await(claim.patience());
        return outcome.map(Decision::of).orElseGet(() -> new ClaimResult.Pending(claim.requestId()));
    }
}
