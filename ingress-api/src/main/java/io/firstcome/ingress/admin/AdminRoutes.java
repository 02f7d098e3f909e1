package io.firstcome.ingress.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.ChangeRejectionReason;
import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponId;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.RequestId;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.publishing.Publication;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestTracker;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * Defines, pauses, resumes and closes coupons, and answers when the authority has decided. Each command is carried out as
 * often as it is sent: it says what shall hold, so that a repetition changes nothing.
 */
public final class AdminRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);

    private final AdminAuthFilter door;
    private final CommandPublisher publisher;
    private final RequestTracker board;
    private final Duration patience;

    /** @param patience how long to wait for the authority's decision */
    public AdminRoutes(AdminAuthFilter door, CommandPublisher publisher, RequestTracker board, Duration patience) {
        this.door = door;
        this.publisher = publisher;
        this.board = board;
        this.patience = patience;
    }

    /** Adds the routes and, before them, the door. */
    public void addTo(RoutesConfig routes) {
        door.addTo(routes);
        routes.put("/v1/coupons/{couponId}", context -> carryOut(context, definition(context)));
        routes.post("/v1/coupons/{couponId}/pause", context -> carryOut(context, turn(context, PauseCoupon::new)));
        routes.post("/v1/coupons/{couponId}/resume", context -> carryOut(context, turn(context, ResumeCoupon::new)));
        routes.post("/v1/coupons/{couponId}/close", context -> carryOut(context, turn(context, CloseCoupon::new)));
    }

    private static CouponCommand definition(Context context) {
        Definition body = Requests.body(context, Definition.class);
        return new DefineCoupon(Requests.id(context), new CouponDefinition(Requests.couponId(context), body.name(),
                body.stock(), body.opensAt(), body.closesAt()));
    }

    private static CouponCommand turn(Context context, BiFunction<RequestId, CouponId, CouponCommand> command) {
        return command.apply(Requests.id(context), Requests.couponId(context));
    }

    private void carryOut(Context context, CouponCommand command) throws InterruptedException {
        LOG.info("request {}: {}", command.requestId(), command);
        CouponOutcome outcome = outcome(command);
        LOG.info("request {}: {}", command.requestId(), outcome);
        switch (outcome) {
            case CouponChanged changed -> changed(context, changed);
            case ChangeRejected rejected -> throw refusal(command, problem(rejected.reason()));
            case CommandInvalid invalid -> throw refusal(command, Problem.invalidRequest("body", invalid.detail()));
            case CouponIssued issued -> throw notOfAnOperator(issued);
            case IssueRejected rejected -> throw notOfAnOperator(rejected);
        }
    }

    private CouponOutcome outcome(CouponCommand command) throws InterruptedException {
        try (PendingReply expectation = board.expect(command)) {
            Publication publication = publisher.publish(command).toCompletableFuture().join();
            switch (publication) {
                case Appended appended -> board.acknowledged(expectation, appended.at());
                case Unknown unknown -> throw refusal(command, Problems.outcomeUnknown());
                case NotSent notSent -> throw refusal(command, Problem.unavailable("Nothing was changed. Ask again."));
            }
            return expectation.await(patience).orElseThrow(() -> refusal(command, Problems.outcomeUnknown()));
        }
    }

    private static void changed(Context context, CouponChanged changed) {
        boolean created = changed.change() == Change.CREATED;
        if (created) {
            context.header("Location", "/v1/coupons/" + changed.couponId());
        }
        Requests.answer(context, created ? 201 : 200, CouponResponse.of(changed.state()));
    }

    private static Problem problem(ChangeRejectionReason reason) {
        return switch (reason) {
            case UNKNOWN_COUPON -> Problems.unknownCoupon();
            case STOCK_BELOW_ISSUED -> Problem.of("stock-below-issued", 409, "More have been issued than that.",
                    "The stock cannot be smaller than what has been issued.");
            case COUPON_CLOSED -> Problem.of("coupon-closed", 409, "The coupon was closed for good.",
                    "Nothing can be changed about it any more.");
        };
    }

    private static ProblemException refusal(CouponCommand command, Problem problem) {
        return new ProblemException(
                problem.with("requestId", command.requestId()).with("couponId", command.couponId()));
    }

    private static IllegalStateException notOfAnOperator(CouponOutcome outcome) {
        return new IllegalStateException("an operator's command is never answered " + outcome);
    }

    private record Definition(String name, long stock, Instant opensAt, Instant closesAt) {}
}
