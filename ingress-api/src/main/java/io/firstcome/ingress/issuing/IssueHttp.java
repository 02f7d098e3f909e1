package io.firstcome.ingress.issuing;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.ingress.admission.AdmissionGate;
import io.firstcome.ingress.admission.GateSettings;
import io.firstcome.ingress.admission.PassThroughLimiter;
import io.firstcome.ingress.http.Patience;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.protection.ClaimProtection;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.registry.CouponMoves;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.verdict.VerdictBoard;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.Requests;
import io.github.bucket4j.TimeMeter;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.MeterRegistry;

/** {@code POST /v1/coupons/{couponId}/issues}: one claim. */
public final class IssueHttp {

    private static final String PATH = "/v1/coupons/{couponId}/issues";

    private final Issuing issuing;
    private final ClaimProtection protection;
    private final MeterRegistry meters;

    IssueHttp(Issuing issuing, ClaimProtection protection, MeterRegistry meters) {
        this.issuing = issuing;
        this.protection = protection;
        this.meters = meters;
    }

    /**
     * Puts the way of a claim together.
     *
     * @param logIsKnown whether coupons and claims have been read up to now; else nothing may be refused by them
     */
    public static IssueHttp of(CouponRegistry registry, BooleanSupplier logIsKnown, VerdictBoard board,
            AdmissionGate gate, CouponMoves moves, CommandPublisher publisher, GateSettings settings,
            ClaimProtection protection, MeterRegistry meters) {
        var stockWait = new StockWait(moves, settings.stockWait(), settings.stockWaiters(), StockWait.ASK_AGAIN);
        var limiter = new PassThroughLimiter(settings.passThroughPerSecond(), TimeMeter.SYSTEM_NANOTIME);
        return new IssueHttp(new Issuing(registry, logIsKnown, board, gate, stockWait, limiter, publisher,
                InstantSource.system(), settings.skew()), protection, meters);
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.post(PATH, protection.around(this::issue));
    }

    private void issue(Context context) throws InterruptedException {
        Claim claim = claim(context);
        protection.count(context, claim.userId());
        IssueAnswer answer = issuing.answer(claim);
        count(answer);
        write(context, claim, answer);
    }

    private void count(IssueAnswer answer) {
        Object told = answer instanceof IssueAnswer.Refused refused ? refused.why() : answer;
        meters.counter("firstcome.issue.answers", "answer", told.getClass().getSimpleName()).increment();
    }

    private static Claim claim(Context context) {
        CouponId couponId = Requests.couponId(context);
        Identity caller = Identity.of(context);
        UserId userId = caller.actingFor(Requests.body(context, Body.class).userId());
        return new Claim(new IssueCoupon(Requests.id(context), couponId, userId),
                context.header(Requests.IDEMPOTENCY_KEY) != null, Patience.of(context.header("Prefer")));
    }

    private static void write(Context context, Claim claim, IssueAnswer answer) {
        switch (answer) {
            case IssueAnswer.Issued issued -> issued(context, claim, issued);
            case IssueAnswer.Pending pending -> pending(context, claim, pending.requestId());
            case IssueAnswer.Refused refused -> refuse(context, claim, IssueProblems.refused(refused.why()));
            case IssueAnswer.AlreadyIssued held ->
                refuse(context, claim, IssueProblems.alreadyIssued(held.sequence()));
            case IssueAnswer.UnknownCoupon unknown -> refuse(context, claim, Problems.unknownCoupon());
            case IssueAnswer.KeyReused reused -> refuse(context, claim, IssueProblems.keyReused());
            case IssueAnswer.StockReserved reserved -> refuse(context, claim, IssueProblems.stockReserved());
            case IssueAnswer.Overloaded overloaded -> refuse(context, claim, Problems.overloaded());
            case IssueAnswer.Unavailable unavailable -> refuse(context, claim, IssueProblems.notTaken());
            case IssueAnswer.OutcomeUnknown unknown -> refuse(context, claim, Problems.outcomeUnknown());
            case IssueAnswer.Invalid invalid ->
                refuse(context, claim, Problem.invalidRequest("body", invalid.detail()));
        }
    }

    private static void issued(Context context, Claim claim, IssueAnswer.Issued issued) {
        Patience.applied(context, claim.patience());
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
        Patience.applied(context, claim.patience());
        Requests.answer(context, problem.with("requestId", claim.requestId()).with("couponId", claim.couponId())
                .with("userId", claim.userId()));
    }

    private record Body(UserId userId) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Accepted(RequestId requestId, CouponId couponId, UserId userId, String status, Long sequence,
            Instant issuedAt) {}
}
