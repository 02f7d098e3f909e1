package io.firstcome.ingress.admin;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BiFunction;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponCommand;
import io.firstcome.contract.CouponCommand.ArchiveCoupon;
import io.firstcome.contract.CouponCommand.CloseCoupon;
import io.firstcome.contract.CouponCommand.DefineCoupon;
import io.firstcome.contract.CouponCommand.PauseCoupon;
import io.firstcome.contract.CouponCommand.ResumeCoupon;
import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponDefinition;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.contract.CouponOutcome.ChangeRejected;
import io.firstcome.contract.CouponOutcome.CommandInvalid;
import io.firstcome.contract.CouponOutcome.CouponChanged;
import io.firstcome.contract.CouponOutcome.CouponChanged.Change;
import io.firstcome.contract.CouponOutcome.CouponIssued;
import io.firstcome.contract.CouponOutcome.IssueRejected;
import io.firstcome.contract.CouponOutcome.IssueRevoked;
import io.firstcome.contract.CouponState;
import io.firstcome.contract.id.CouponId;
import io.firstcome.contract.id.RequestId;
import io.firstcome.ingress.commands.DecidedCommands;
import io.firstcome.ingress.commands.Revocation;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.kit.http.Requests;
import io.firstcome.kit.service.StartFailure;
import io.firstcome.readmodel.CouponLookup;
import io.firstcome.readmodel.coupons.CouponResponse;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * Defines, pauses, resumes and closes coupons, revokes issued ones, and answers with the authority's decision. Each
 * command states the result, so that a repetition changes nothing.
 */
public final class AdminRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(AdminRoutes.class);

    private final AdminAuthFilter authFilter;
    private final DecidedCommands commands;
    private final CouponLookup coupons;
    private final ArchiveTimes archiveTimes;
    private final InstantSource clock;

    /**
     * @param commands append the commands and wait for the authority's decisions
     * @param archiveTimes when coupons may be archived, by this clock
     */
    public AdminRoutes(AdminAuthFilter authFilter, DecidedCommands commands, CouponLookup coupons,
            ArchiveTimes archiveTimes, InstantSource clock) {
        this.authFilter = authFilter;
        this.commands = commands;
        this.coupons = coupons;
        this.archiveTimes = archiveTimes;
        this.clock = clock;
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
        routes.post("/v1/coupons/{couponId}/archive", this::archive);
        routes.delete(Revocation.PATH, this::revoke);
    }

    private static CouponCommand definition(Context context) {
        Definition body = Requests.body(context, Definition.class);
        return new DefineCoupon(Requests.id(context), new CouponDefinition(Requests.couponId(context), body.name(),
                body.stock(), body.opensAt(), body.closesAt(), body.perUser() == null ? 1 : body.perUser(),
                body.reclaim() == null || body.reclaim()));
    }

    /**
     * The log cannot tell how long its records are kept, and a decision must not depend on a setting. So the ingress
     * refuses what is too early.
     */
    private void archive(Context context) throws InterruptedException {
        CouponCommand command = statusChange(context, ArchiveCoupon::new);
        switch (coupons.find(command.couponId())) {
            case CouponLookup.Result.Known(var state) -> {
                Optional<Instant> earliest = earliest(command, state);
                if (earliest.isPresent()) {
                    throw DecidedCommands.failure(command, Problem.of(ProblemType.NOT_ENDED,
                            "The coupon can be archived from " + earliest.get()
                                    + " on: until then a holder who repeats a claim gets the same answer."));
                }
            }
            // The authority rejects the command.
            case CouponLookup.Result.Undefined _ -> {
            }
            case CouponLookup.Result.NotCurrent _ ->
                throw DecidedCommands.failure(command, Problem.of(ProblemType.UNAVAILABLE));
        }
        execute(context, command);
    }

    private Optional<Instant> earliest(CouponCommand command, CouponState state) {
        try {
            return archiveTimes.earliest(state, clock.instant());
        } catch (StartFailure e) {
            LOG.warn("the retention of the commands cannot be read", e);
            throw DecidedCommands.failure(command, Problem.of(ProblemType.UNAVAILABLE));
        }
    }

    private static CouponCommand statusChange(Context context, BiFunction<RequestId, CouponId, CouponCommand> command) {
        return command.apply(Requests.id(context), Requests.couponId(context));
    }

    private void execute(Context context, CouponCommand command) throws InterruptedException {
        CouponOutcome outcome = decide(command);
        switch (outcome) {
            case CouponChanged changed -> changed(context, changed);
            case ChangeRejected rejected ->
                throw DecidedCommands.failure(command, Problem.of(ProblemType.of(rejected.reason())));
            case CommandInvalid invalid ->
                throw DecidedCommands.failure(command, Problem.invalidRequest("body", invalid.detail()));
            case CouponIssued _,IssueRejected _,IssueRevoked _ ->
                throw new IllegalStateException("not an outcome of an operator's command: " + outcome);
        }
    }

    private void revoke(Context context) throws InterruptedException {
        RevokeIssue command = Revocation.command(context);
        Revocation.answer(context, command, decide(command));
    }

    /** Logs what operators do. */
    private CouponOutcome decide(CouponCommand command) throws InterruptedException {
        LOG.info("an operator sends {}", command);
        CouponOutcome outcome = commands.decide(command);
        LOG.info("decided: {}", outcome);
        return outcome;
    }

    private static void changed(Context context, CouponChanged changed) {
        boolean created = changed.change() == Change.CREATED;
        if (created) {
            context.header("Location", "/v1/coupons/" + changed.couponId());
        }
        Requests.answer(context, created ? 201 : 200, CouponResponse.of(changed.state()));
    }

    /** Null for a member that the body omits: the default. */
    private record Definition(String name, long stock, Instant opensAt, Instant closesAt, Integer perUser,
            Boolean reclaim) {}
}
