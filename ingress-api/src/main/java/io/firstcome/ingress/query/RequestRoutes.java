package io.firstcome.ingress.query;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonInclude;

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
import io.firstcome.contract.json.ContractViolation;
import io.firstcome.ingress.http.PreferWait;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.server.deferred.DeferredAnswer;
import io.firstcome.readmodel.CouponCatchUp;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;
import io.firstcome.readmodel.requests.RequestTracker;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * {@code GET /v1/coupons/{couponId}/requests/{requestId}?userId=U}: the status of a claim, no matter which ingress
 * accepted it. A request id belongs to its user. A user with a token gets the own claim. A back end may name the user;
 * without a name the answer is the only claim with this id, and 400 when claims of several users are known.
 */
public final class RequestRoutes {

    private static final String USER_ID = "userId";
    /** How long to wait for the latest claims of the log before the answer that a claim is not known. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(1);

    private final RequestTracker tracker;
    private final CouponCatchUp catchUp;
    private final Predicate<CouponId> mayHaveUnknownClaim;
    private final ClaimProtection protection;

    /**
     * @param catchUp how far claims and outcomes of a coupon have been read
     * @param mayHaveUnknownClaim whether a claim on a coupon may be undecided that the tracker does not know
     * @param protection limits the requests that wait for a result
     */
    public RequestRoutes(RequestTracker tracker, CouponCatchUp catchUp, Predicate<CouponId> mayHaveUnknownClaim,
            ClaimProtection protection) {
        this.tracker = tracker;
        this.catchUp = catchUp;
        this.mayHaveUnknownClaim = mayHaveUnknownClaim;
        this.protection = protection;
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons/{couponId}/requests/{requestId}", this::request);
    }

    private void request(Context context) {
        CouponId couponId = Requests.couponId(context);
        RequestId requestId = new RequestId(context.pathParam("requestId"));
        Identity caller = Identity.of(context);
        Optional<UserId> named = Optional.ofNullable(context.queryParam(USER_ID)).map(UserId::new);
        named.ifPresent(caller::requireMayActFor);
        Optional<UserId> user = named.or(caller::user);
        Duration wait = PreferWait.of(context);
        long askedNanos = System.nanoTime();
        if (wait.isZero()) {
            answer(context, couponId, requestId, user, askedNanos);
        } else {
            // Also waits for a request of which nothing has been read: another ingress may have accepted it a moment
            // ago.
            PendingReply reply = tracker.watch(couponId, requestId, user);
            CompletionStage<Optional<CouponOutcome>> outcome;
            try {
                outcome = protection.awaitStatus(() -> reply.within(wait));
            } catch (ProblemException e) {
                reply.close();
                throw e;
            }
            DeferredAnswer.when(context, outcome.whenComplete((_, _) -> reply.close()), reply::giveUp,
                    _ -> answer(context, couponId, requestId, user, askedNanos));
        }
    }

    private void answer(Context context, CouponId couponId, RequestId requestId, Optional<UserId> user,
            long askedNanos) {
        RequestStatus status = find(couponId, requestId, user);
        Optional<Problem> cause = Optional.empty();
        if (status == null) {
            cause = causeOfNotKnowing(couponId, askedNanos);
            // The claim may have been read meanwhile.
            status = find(couponId, requestId, user);
        }
        PreferWait.applied(context, PreferWait.of(context));
        if (status == null) {
            // Again, because a claim may have been forgotten since.
            Problem problem = cause.or(() -> causeOfForgetting(couponId))
                    .orElseGet(() -> Problem.of(ProblemType.UNKNOWN_REQUEST));
            throw new ProblemException(problem.with("requestId", requestId).with("couponId", couponId));
        }
        if (status instanceof Pending) {
            context.header("Retry-After", "1");
        }
        Requests.answer(context, 200, response(status));
    }

    private boolean isReadSince(CouponId couponId, long moment) {
        try {
            return catchUp.awaitReadSince(couponId, moment, READ_TIMEOUT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private RequestStatus find(CouponId couponId, RequestId requestId, Optional<UserId> user) {
        if (user.isPresent()) {
            return tracker.find(couponId, requestId, user.get()).orElse(null);
        }
        if (tracker.isOfSeveralUsers(couponId, requestId)) {
            throw new ContractViolation(USER_ID, "is missing: several users have claimed the coupon under this id");
        }
        return tracker.findOfAnyUser(couponId, requestId).orElse(null);
    }

    /** Why a claim that is not known may be in the log all the same; empty when it is not, or is decided. */
    private Optional<Problem> causeOfNotKnowing(CouponId couponId, long askedNanos) {
        return isReadSince(couponId, askedNanos)
                ? causeOfForgetting(couponId)
                : Optional.of(Problems.notCurrent());
    }

    private Optional<Problem> causeOfForgetting(CouponId couponId) {
        return mayHaveUnknownClaim.test(couponId)
                ? Optional.of(Problem.unavailable(
                        "This instance does not know all claims that wait for a decision. Try again."))
                : Optional.empty();
    }

    private static Response response(RequestStatus status) {
        Subject subject = status.subject();
        return switch (status) {
            case Pending _ -> Response.of(subject, "PENDING", null, null, null);
            case Decided decided -> switch (decided.outcome()) {
                case CouponIssued issued -> Response.of(subject, "ISSUED", null, issued.sequence(), null);
                case IssueRejected rejected -> Response.of(subject, "REJECTED", rejected.reason().name(),
                        rejected.heldSequence(), rejected.heldSequences());
                case IssueRevoked revoked -> Response.of(subject, "REVOKED", null, revoked.sequence(), null);
                case CommandInvalid _ -> Response.of(subject, "REJECTED", "INVALID", null, null);
                case CouponChanged _,ChangeRejected _ ->
                    throw new IllegalStateException("not an outcome of a claim: " + decided.outcome());
            };
        };
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Response(RequestId requestId, CouponId couponId, UserId userId, String status, String reason,
            Long sequence, List<Long> sequences) {

        static Response of(Subject subject, String status, String reason, Long sequence, List<Long> sequences) {
            return new Response(subject.requestId(), subject.couponId(), subject.userId(), status, reason, sequence,
                    sequences);
        }
    }
}
