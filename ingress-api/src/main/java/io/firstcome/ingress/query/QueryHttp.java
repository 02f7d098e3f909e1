package io.firstcome.ingress.query;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonInclude;

import io.firstcome.contract.ContractViolation;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.CouponStatus;
import io.firstcome.contract.RequestId;
import io.firstcome.contract.UserId;
import io.firstcome.ingress.http.CouponView;
import io.firstcome.ingress.http.Patience;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.registry.CouponRegistry;
import io.firstcome.ingress.verdict.Expectation;
import io.firstcome.ingress.verdict.Verdict;
import io.firstcome.ingress.verdict.Verdict.Decided;
import io.firstcome.ingress.verdict.Verdict.Pending;
import io.firstcome.ingress.verdict.Verdict.Subject;
import io.firstcome.ingress.verdict.VerdictBoard;
import io.firstcome.kit.http.Page;
import io.firstcome.kit.http.PageRequest;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/** The questions that this ingress answers from memory. */
public final class QueryHttp {

    private static final String PENDING = "PENDING";
    private static final String STATUS = "status";

    private final CouponRegistry registry;
    private final BooleanSupplier registryIsComplete;
    private final VerdictBoard board;

    /** @param registryIsComplete whether a coupon that the registry does not know is unknown indeed */
    public QueryHttp(CouponRegistry registry, BooleanSupplier registryIsComplete, VerdictBoard board) {
        this.registry = registry;
        this.registryIsComplete = registryIsComplete;
        this.board = board;
    }

    /** Adds the routes. */
    public void addTo(RoutesConfig routes) {
        routes.get("/v1/coupons", this::coupons);
        routes.get("/v1/coupons/{couponId}", this::coupon);
        routes.get("/v1/coupons/{couponId}/requests/{requestId}", this::request);
    }

    private void coupons(Context context) {
        PageRequest request = PageRequest.of(context, STATUS);
        if (!registryIsComplete.getAsBoolean()) {
            throw new ProblemException(Problems.stillReading());
        }
        Predicate<CouponState> wanted = request.filter(STATUS).map(QueryHttp::status).orElse(any -> true);
        List<CouponView> read = request.after(CouponId::new).map(registry::after).orElseGet(registry::all)
                .filter(wanted).limit(request.toRead()).map(CouponView::of).toList();
        Page<CouponView> page = Page.of(request, read, coupon -> coupon.couponId().value());
        page.link(context, request);
        Requests.answer(context, 200, new CouponList(page.items(), page.nextCursor().orElse(null)));
    }

    private static Predicate<CouponState> status(String name) {
        CouponStatus wanted = Arrays.stream(CouponStatus.values()).filter(it -> it.name().equals(name)).findAny()
                .orElseThrow(() -> new ContractViolation(STATUS,
                        "must be one of " + Arrays.toString(CouponStatus.values())));
        return state -> state.status() == wanted;
    }

    private void coupon(Context context) {
        CouponId couponId = Requests.couponId(context);
        Requests.answer(context, 200, registry.find(couponId).map(CouponView::of)
                .orElseThrow(() -> new ProblemException(
                        Problems.missingCoupon(couponId, registryIsComplete.getAsBoolean()))));
    }

    private void request(Context context) throws InterruptedException {
        CouponId couponId = Requests.couponId(context);
        RequestId requestId = new RequestId(context.pathParam("requestId"));
        Identity caller = Identity.of(context);
        Duration patience = Patience.of(context.header("Prefer"));
        Optional<RequestView> view = awaited(couponId, requestId, patience)
                .filter(verdict -> caller.mayActFor(verdict.subject().userId())).flatMap(QueryHttp::view);
        Patience.applied(context, patience);
        if (view.isPresent() && view.get().isPending()) {
            context.header("Retry-After", "1");
        }
        Requests.answer(context, 200,
                view.orElseThrow(() -> new ProblemException(notKnown(couponId, requestId))));
    }

    /** Who waits also waits for a request to be heard of: it may have been accepted elsewhere a moment ago. */
    private Optional<Verdict> awaited(CouponId couponId, RequestId requestId, Duration patience)
            throws InterruptedException {
        if (!patience.isZero()) {
            try (Expectation watch = board.watch(couponId, requestId)) {
                watch.await(patience);
            }
        }
        return board.find(couponId, requestId);
    }

    private static Optional<RequestView> view(Verdict verdict) {
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
    private record CouponList(List<CouponView> coupons, String nextCursor) {}

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
