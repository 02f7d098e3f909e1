package io.firstcome.ingress.query;

import java.time.Duration;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.ingress.http.PreferWait;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestStatus;
import io.firstcome.readmodel.requests.RequestStatus.Decided;
import io.firstcome.readmodel.requests.RequestStatus.Pending;
import io.firstcome.readmodel.requests.RequestStatus.Subject;
import io.firstcome.readmodel.requests.RequestTracker;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;

/** {@code GET /v1/coupons/{couponId}/requests/{requestId}}: what became of a request, whichever ingress took it. */
public final class RequestRoutes {

    private static final String PENDING = "PENDING";

    private final RequestTracker board;
    private final ClaimProtection protection;

    /** @param protection bounds how many may wait for their result */
    public RequestRoutes(RequestTracker board, ClaimProtection protection) {
        this.board = board;
        this.protection = protection;
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        Handler waiting = protection.bounded(this::request);
        routes.get("/v1/coupons/{couponId}/requests/{requestId}",
                context -> {
                    Handler handler = patience(context).isZero() ? this::request : waiting;
                    handler.handle(context);
                });
    }

    private void request(Context context) throws InterruptedException {
        CouponId couponId = Requests.couponId(context);
        RequestId requestId = new RequestId(context.pathParam("requestId"));
        Identity caller = Identity.of(context);
        Duration patience = patience(context);
        Optional<RequestView> view = awaited(couponId, requestId, patience)
                .filter(verdict -> caller.mayActFor(verdict.subject().userId())).flatMap(RequestRoutes::view);
        PreferWait.applied(context, patience);
        if (view.isPresent() && view.get().isPending()) {
            context.header("Retry-After", "1");
        }
        Requests.answer(context, 200,
                view.orElseThrow(() -> new ProblemException(notKnown(couponId, requestId))));
    }

    private static Duration patience(Context context) {
        return PreferWait.of(context.header("Prefer"));
    }

    /** Who waits also waits for a request to be heard of: it may have been accepted elsewhere a moment ago. */
    private Optional<RequestStatus> awaited(CouponId couponId, RequestId requestId, Duration patience)
            throws InterruptedException {
        if (!patience.isZero()) {
            try (PendingReply watch = board.watch(couponId, requestId)) {
                watch.await(patience);
            }
        }
        return board.find(couponId, requestId);
    }

    private static Optional<RequestView> view(RequestStatus verdict) {
        return switch (verdict) {
            case Pending pending when pending.subject().userId() == null -> Optional.empty();
            case Pending pending -> Optional.of(RequestView.of(pending.subject(), PENDING, null, null));
            case Decided decided -> view(decided);
        };
    }

    private static Optional<RequestView> view(Decided decided) {
        Subject subject = decided.subject();
        return switch (decided.outcome()) {
            case CouponIssued issued -> Optional.of(RequestView.of(subject, "ISSUED", null, issued.sequence()));
            case IssueRejected rejected -> Optional
                    .of(RequestView.of(subject, "REJECTED", rejected.reason().name(), rejected.heldSequence()));
            case CommandInvalid invalid -> Optional.of(RequestView.of(subject, "REJECTED", "INVALID", null));
            case CouponChanged changed -> Optional.empty();
            case ChangeRejected rejected -> Optional.empty();
        };
    }

    private static Problem notKnown(CouponId couponId, RequestId requestId) {
        return Problem.of("unknown-request", 404, "No such request is known here.",
                "It never came, came a moment ago, or was forgotten since. Whether the user holds the coupon can be asked"
                        + " at any time.")
                .with("requestId", requestId).with("couponId", couponId);
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record RequestView(RequestId requestId, CouponId couponId, UserId userId, String status, String reason,
            Long sequence) {

        boolean isPending() {
            return status.equals(PENDING);
        }

        static RequestView of(Subject subject, String status, String reason, Long sequence) {
            return new RequestView(subject.requestId(), subject.couponId(), subject.userId(), status, reason, sequence);
        }
    }
}
