package io.firstcome.ingress.claims;

import java.time.Instant;
import java.time.InstantSource;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionGate;
import io.firstcome.ingress.http.PreferWait;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.coupons.CouponChangeNotifier;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.requests.RequestTracker;
import io.firstcome.readmodel.tail.CatchUpStatus;
import io.github.bucket4j.TimeMeter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;

/** {@code POST /v1/coupons/{couponId}/issues}: one claim. */
public final class ClaimRoutes {

    private static final String PATH = "/v1/coupons/{couponId}/issues";

    private final ClaimService issuing;
    private final ClaimProtection protection;
    private final MeterRegistry meters;

    ClaimRoutes(ClaimService issuing, ClaimProtection protection, MeterRegistry meters) {
        this.issuing = issuing;
        this.protection = protection;
        this.meters = meters;
    }

    /**
     * Puts the way of a claim together.
     *
     * @param claimStatus whether coupons and claims have been read up to now; otherwise every claim is answered 503
     */
    public static ClaimRoutes of(CouponRegistry registry, CatchUpStatus claimStatus, RequestTracker board,
            AdmissionGate gate, CouponChangeNotifier moves, CommandPublisher publisher, GateSettings settings,
            ClaimProtection protection, MeterRegistry meters) {
        var stockWait = new StockWait(moves, settings.stockWait(), settings.stockWaiters(), StockWait.ASK_AGAIN);
        var limiter = new PassThroughLimiter(settings.passThroughPerSecond(), TimeMeter.SYSTEM_NANOTIME);
        return new ClaimRoutes(new ClaimService(registry, claimStatus, board, gate, stockWait, limiter, publisher,
                InstantSource.system(), settings.skew()), protection, meters);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.post(PATH, protection.around(this::issue));
    }

    private void issue(Context context) throws InterruptedException {
        Claim claim = claim(context);
        protection.count(context, claim.userId());
        ClaimResult answer = issuing.answer(claim);
        count(answer);
        write(context, claim, answer);
    }

    private void count(ClaimResult answer) {
        Object told = answer instanceof ClaimResult.Refused refused ? refused.why() : answer;
        meters.counter("firstcome.claims", "answer", told.getClass().getSimpleName()).increment();
    }

    private static Claim claim(Context context) {
        CouponId couponId = Requests.couponId(context);
        Identity caller = Identity.of(context);
        UserId userId = caller.actingFor(Requests.body(context, Body.class).userId());
        return new Claim(new IssueCoupon(Requests.id(context), couponId, userId),
                context.header(Requests.IDEMPOTENCY_KEY) != null, PreferWait.of(context.header("Prefer")));
    }

    private static void write(Context context, Claim claim, ClaimResult answer) {
        switch (answer) {
            case ClaimResult.Issued issued -> issued(context, claim, issued);
            case ClaimResult.Pending pending -> pending(context, claim, pending.requestId());
            case ClaimResult.Refused refused -> refuse(context, claim, ClaimProblems.refused(refused.why()));
            case ClaimResult.AlreadyIssued held ->
                refuse(context, claim, ClaimProblems.alreadyIssued(held.sequence()));
            case ClaimResult.UnknownCoupon unknown -> refuse(context, claim, Problems.unknownCoupon());
            case ClaimResult.KeyReused reused -> refuse(context, claim, ClaimProblems.keyReused());
            case ClaimResult.StockReserved reserved -> refuse(context, claim, ClaimProblems.stockReserved());
            case ClaimResult.Overloaded overloaded -> refuse(context, claim, Problems.overloaded());
            case ClaimResult.Unavailable unavailable -> refuse(context, claim, ClaimProblems.notTaken());
            case ClaimResult.OutcomeUnknown unknown -> refuse(context, claim, Problems.outcomeUnknown());
            case ClaimResult.Invalid invalid ->
                refuse(context, claim, Problem.invalidRequest("body", invalid.detail()));
        }
    }

    private static void issued(Context context, Claim claim, ClaimResult.Issued issued) {
        PreferWait.applied(context, claim.patience());
        context.header("Location", "/v1/coupons/" + claim.couponId() + "/issues/" + claim.userId());
        Requests.answer(context, 201, new Accepted(claim.requestId(), claim.couponId(), claim.userId(), "ISSUED",
                issued.sequence(), issued.issuedAt()));
    }

    private static void pending(Context context, Claim claim, RequestId requestId) {
        context.header("Location", "/v1/coupons/" + claim.couponId() + "/requests/" + requestId);
        context.header("Retry-After", "1");
        Requests.answer(context, 202,
                new Accepted(requestId, claim.couponId(), claim.userId(), "PENDING", null, null));
    }

    private static void refuse(Context context, Claim claim, Problem problem) {
        PreferWait.applied(context, claim.patience());
        Requests.answer(context, problem.with("requestId", claim.requestId()).with("couponId", claim.couponId())
                .with("userId", claim.userId()));
    }

    private record Body(UserId userId) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Accepted(RequestId requestId, CouponId couponId, UserId userId, String status, Long sequence,
            Instant issuedAt) {}
}
