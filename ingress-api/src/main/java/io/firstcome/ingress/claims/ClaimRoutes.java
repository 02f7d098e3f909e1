package io.firstcome.ingress.claims;

import java.time.Instant;
import java.time.InstantSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.CouponCommand.IssueCoupon;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.contract.id.UserId;
import io.firstcome.gate.GateSettings;
import io.firstcome.gate.admission.AdmissionGate;
import io.firstcome.ingress.http.PreferWait;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.ingress.limits.StockWaiters;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.kit.early.EarlyAnswers;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.metrics.Meters;
import io.firstcome.kit.server.deferred.DeferredAnswer;
import io.firstcome.kit.server.deferred.DisconnectMonitor;
import io.firstcome.kit.server.deferred.DisconnectMonitor.Watch;
import io.firstcome.kit.server.pipelining.PipelinedRequests;
import io.firstcome.kit.tracing.Tracing;
import io.firstcome.readmodel.ReadModel;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** {@code POST /v1/coupons/{couponId}/issues}: one claim. */
public final class ClaimRoutes {

    /**
     * How long a claim may wait for the gate and for another request of its user, besides the waits of the settings.
     */
    public static final Duration LONGEST_WAIT = ClaimService.DUPLICATE_WAIT.plus(ClaimService.GATE_WAIT);

    private final ClaimService service;
    private final SoldOutAnswers early;
    private final ClaimProtection protection;
    /** By answer: a look-up in the registry for each claim would be slow. */
    private final Map<String, Counter> answers = new ConcurrentHashMap<>();
    private final MeterRegistry meters;

    /**
     * How late a claim may still reach the log. Until then the claim can win when stock becomes free.
     *
     * @param afterSellOut the longest time from a sell-out until the log has every claim that an ingress sent before it
     *     had read the sell-out
     * @param afterReservation the longest time from the end of a reservation until the log has its claim
     */
    public record AppendDelays(Duration afterSellOut, Duration afterReservation) {}

    /**
     * Wires the path of a claim.
     *
     * @param appendDelays how late a claim may still reach the log
     * @param stockWaiters how many claims may wait for reserved stock
     * @param skew how far the clock may differ from the brokers' at this moment
     * @param stopping whether the ingress stops
     */
    public ClaimRoutes(ReadModel readModel, HolderFill fill, AdmissionGate gate, CommandPublisher publisher,
            GateSettings settings, AppendDelays appendDelays, int stockWaiters, InstantSource clock,
            Supplier<Duration> skew,
            ClaimProtection protection, BooleanSupplier stopping, Tracing tracing, MeterRegistry meters) {
        var waiters = new StockWaiters(stockWaiters);
        Meters.CLAIMS_WAITING_FOR_STOCK.register(meters, waiters::all);
        var stockWait = new StockWait(readModel.changes(), readModel.registry(),
                coupon -> !stopping.getAsBoolean() && readModel.claimCatchUp().isCurrent(coupon), settings.stockWait(),
                waiters,
                StockWait.RETRY_INTERVAL);
        var limiter = new PassThroughLimiter(settings.passThroughPerSecond(), System::nanoTime);
        var soldOutCache = new SoldOutCache(readModel.holders(), fill, readModel.requests(), appendDelays,
                readModel.couponCatchUp()::isReadSince, System::nanoTime);
        this.service = new ClaimService(readModel.registry(), readModel.coupons(), readModel.claimCatchUp(),
                readModel.requests(), soldOutCache, gate, stockWait, limiter, publisher, clock, skew, tracing);
        this.early = new SoldOutAnswers(readModel, soldOutCache, protection, stopping, clock, skew, meters);
        this.protection = protection;
        this.meters = meters;
        // An alarm on a rise does not see the first event of a counter that appears with this event.
        Stream.of(ProblemType.OVERLOADED, ProblemType.OUTCOME_UNKNOWN, ProblemType.UNAVAILABLE)
                .forEach(type -> Meters.CLAIMS.register(meters, type.name()));
    }

    /** Answers to claims that need no route, for callers that are trusted to name the user. */
    public EarlyAnswers early() {
        return early;
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.post("/v1/coupons/{couponId}/issues", protection.limitAddress(this::claim));
    }

    private void claim(Context context) throws Exception {
        CouponId couponId = Requests.couponId(context);
        UserId userId = Identity.of(context).actingFor(Requests.body(context, Body.class).userId());
        var claim = new Claim(new IssueCoupon(Requests.id(context), couponId, userId),
                context.header(Requests.IDEMPOTENCY_KEY) != null, PreferWait.of(context), System.nanoTime());
        protection.limitUser(context, userId);
        judge(context, claim);
    }

    private void judge(Context context, Claim claim) throws Exception {
        switch (protection.withPermit(permit -> service.claim(claim, permit, gone -> whileWaiting(context, gone)))) {
            case ClaimResult.Awaited awaited -> answerWithDecision(context, claim, awaited);
            case ClaimResult result -> answer(context, claim, claim.requestId(), result);
        }
    }

    /** A claim that waits is not at work: others that were sent before the last answer may be. */
    private static Watch whileWaiting(Context context, Runnable onDisconnect) {
        PipelinedRequests.leavePlace(context);
        return DisconnectMonitor.watch(context, onDisconnect);
    }

    /** Beyond the limit of waiting claims the answer is "pending": the log has the claim. */
    private void answerWithDecision(Context context, Claim claim, ClaimResult.Awaited awaited) {
        protection.awaitDecision(() -> service.decision(claim, awaited)).ifPresentOrElse(
                decision -> DeferredAnswer.when(context, decision, awaited.reply()::giveUp,
                        result -> afterDecision(context, claim, awaited, result)),
                () -> {
                    awaited.reply().close();
                    answer(context, claim, awaited.requestId(), new ClaimResult.Pending(awaited.requestId()));
                });
    }

    /** Judges the claim anew where the decision is not its answer and its caller still waits. */
    private void afterDecision(Context context, Claim claim, ClaimResult.Awaited awaited, ClaimResult result)
            throws Exception {
        if (awaited.isAnswer() || result instanceof ClaimResult.Pending) {
            answer(context, claim, awaited.requestId(), result);
        } else {
            judge(context, claim);
        }
    }

    /** @param decided the request that was decided: the claim, or an earlier one of its user */
    private void answer(Context context, Claim claim, RequestId decided, ClaimResult result) {
        CouponId couponId = claim.couponId();
        UserId userId = claim.userId();
        answers.computeIfAbsent(result.label(), label -> Meters.CLAIMS.register(meters, label))
                .increment();
        switch (result) {
            case ClaimResult.Issued issued -> {
                addHeaders(context, claim, issued.requestId());
                context.header("Location", "/v1/coupons/" + couponId + "/issues/" + Requests.encoded(userId));
                Requests.answer(context, 201, new Response(issued.requestId(), couponId, userId, "ISSUED",
                        issued.sequence(), issued.issuedAt()));
            }
            case ClaimResult.Pending pending -> {
                context.header("Location", statusPath(couponId, pending.requestId(), userId));
                context.header("Retry-After", "1");
                Requests.answer(context, 202,
                        new Response(pending.requestId(), couponId, userId, "PENDING", null, null));
            }
            case ClaimResult.Awaited _ -> throw new IllegalArgumentException("the decision is to be awaited first");
            case ClaimResult.Rejected rejected -> {
                Problem problem = Problem.of(ProblemType.of(rejected.reason()));
                if (rejected.heldSequence() != null) {
                    problem = problem.with("sequence", rejected.heldSequence());
                }
                if (rejected.heldSequences() != null) {
                    problem = problem.with("sequences", rejected.heldSequences());
                }
                if (rejected.opensAt() != null) {
                    problem = problem.with("opensAt", rejected.opensAt());
                }
                answer(context, claim, decided, problem);
            }
            case ClaimResult.Failed failed -> answer(context, claim, decided, failed.problem());
        }
    }

    private static void answer(Context context, Claim claim, RequestId decided, Problem problem) {
        addHeaders(context, claim, decided);
        Requests.answer(context, problem.with("requestId", decided).with("couponId", claim.couponId())
                .with("userId", claim.userId()));
    }

    /** Content-Location (RFC 9110, section 8.7) tells that the answer is the decision on an earlier request. */
    private static void addHeaders(Context context, Claim claim, RequestId decided) {
        PreferWait.applied(context, claim.maxWait());
        if (!decided.equals(claim.requestId())) {
            context.header("Content-Location", statusPath(claim.couponId(), decided, claim.userId()));
        }
    }

    /** Names the user, because another user may have a request with the same id. */
    private static String statusPath(CouponId couponId, RequestId requestId, UserId userId) {
        return "/v1/coupons/" + couponId + "/requests/" + requestId + "?userId=" + Requests.encoded(userId);
    }

    private record Body(UserId userId) {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Response(RequestId requestId, CouponId couponId, UserId userId, String status, Long sequence,
            Instant issuedAt) {}
}
