package io.firstcome.ingress.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.ingress.publishing.CommandPublisher;
import io.firstcome.ingress.publishing.Publication.Appended;
import io.firstcome.ingress.publishing.Publication.NotSent;
import io.firstcome.ingress.publishing.Publication.Unknown;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.firstcome.readmodel.requests.PendingReply;
import io.firstcome.readmodel.requests.RequestTracker;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * Defines, pauses, resumes and closes coupons, and answers with the authority's decision. Each command states the
 * result, so that a repetition changes nothing.
 */
public final class AdminRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);

    private final AdminAuthFilter authFilter;
    private final CommandPublisher publisher;
    private final RequestTracker tracker;
    private final Duration timeout;

    /** @param timeout how long to wait for the authority's decision */
    public AdminRoutes(AdminAuthFilter authFilter, CommandPublisher publisher, RequestTracker tracker,
            Duration timeout) {
        this.authFilter = authFilter;
        this.publisher = publisher;
        this.tracker = tracker;
        this.timeout = timeout;
    }

    /** Adds the routes and the authentication in front of them. */
    public void addTo(RoutesConfig routes) {
        authFilter.addTo(routes);
        routes.put("/v1/coupons/{couponId}", context -> execute(context, definition(context)));
        routes.post("/v1/coupons/{couponId}/pause",
                context -> execute(context, statusChange(context, PauseCoupon::new)));
        routes.post("/v1/coupons/{couponId}/resume",
                context -> execute(context, statusChange(context, ResumeCoupon::new)));
        routes.post("/v1/coupons/{couponId}/close",
                context -> execute(context, statusChange(context, CloseCoupon::new)));
        routes.post("/v1/coupons/{couponId}/archive",
                context -> execute(context, statusChange(context, ArchiveCoupon::new)));
    }

    private static CouponCommand definition(Context context) {
        Definition body = Requests.body(context, Definition.class);
        return new DefineCoupon(Requests.id(context), new CouponDefinition(Requests.couponId(context), body.name(),
                body.stock(), body.opensAt(), body.closesAt()));
    }

    private static CouponCommand statusChange(Context context, BiFunction<RequestId, CouponId, CouponCommand> command) {
        return command.apply(Requests.id(context), Requests.couponId(context));
    }

    private void execute(Context context, CouponCommand command) throws InterruptedException {
        LOG.info("request {}: {}", command.requestId(), command);
        CouponOutcome outcome = decision(command);
        LOG.info("request {}: {}", command.requestId(), outcome);
        switch (outcome) {
            case CouponChanged changed -> changed(context, changed);
            case ChangeRejected rejected -> throw failure(command, Problem.of(ProblemType.of(rejected.reason())));
            case CommandInvalid invalid -> throw failure(command, Problem.invalidRequest("body", invalid.detail()));
            case CouponIssued _,IssueRejected _,IssueRevoked _ ->
                throw new IllegalStateException("not an outcome of an operator's command: " + outcome);
        }
    }

    private CouponOutcome decision(CouponCommand command) throws InterruptedException {
        try (PendingReply reply = tracker.expect(command)) {
            switch (publisher.publish(command).toCompletableFuture().join()) {
                case Appended appended -> tracker.acknowledged(reply, appended.at());
                case Unknown _ -> throw failure(command, Problem.of(ProblemType.OUTCOME_UNKNOWN));
                case NotSent _ -> throw failure(command, Problem.of(ProblemType.UNAVAILABLE));
            }
            return reply.await(timeout)
                    .orElseThrow(() -> failure(command, Problem.of(ProblemType.OUTCOME_UNKNOWN)));
        }
    }

    private static void changed(Context context, CouponChanged changed) {
        boolean created = changed.change() == Change.CREATED;
        if (created) {
            context.header("Location", "/v1/coupons/" + changed.couponId());
        }
        Requests.answer(context, created ? 201 : 200, CouponResponse.of(changed.state()));
    }

    private static ProblemException failure(CouponCommand command, Problem problem) {
        return new ProblemException(
                problem.with("requestId", command.requestId()).with("couponId", command.couponId()));
    }

    private record Definition(String name, long stock, Instant opensAt, Instant closesAt) {}
}
