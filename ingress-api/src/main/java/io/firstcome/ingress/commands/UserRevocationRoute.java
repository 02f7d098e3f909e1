package io.firstcome.ingress.commands;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.firstcome.contract.CouponCommand.RevokeIssue;
import io.firstcome.contract.CouponOutcome;
import io.firstcome.ingress.http.Problems;
import io.firstcome.ingress.identity.Identity;
import io.firstcome.ingress.limits.ClaimProtection;
import io.firstcome.kit.http.Problem;
import io.firstcome.kit.http.ProblemException;
import io.firstcome.kit.http.ProblemType;
import io.firstcome.readmodel.coupons.CouponRegistry;
import io.firstcome.readmodel.tail.CatchUpStatus;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/**
 * {@code DELETE /v1/coupons/{couponId}/issues/{userId}} on the callers' port: a user gives the own coupon back. The
 * route answers 403 unless {@code FIRSTCOME_USERS_MAY_REVOKE} allows it.
 */
public final class UserRevocationRoute {

    private static final Logger LOG = LoggerFactory.getLogger(UserRevocationRoute.class);

    private final boolean isAllowed;
    private final DecidedCommands commands;
    private final CouponRegistry registry;
    private final CatchUpStatus catchUp;
    private final ClaimProtection protection;

    /**
     * @param isAllowed whether users may revoke their own coupons
     * @param catchUp whether the registry has read all coupons up to now
     * @param protection limits these requests like claims
     */
    public UserRevocationRoute(boolean isAllowed, DecidedCommands commands, CouponRegistry registry,
            CatchUpStatus catchUp, ClaimProtection protection) {
        this.isAllowed = isAllowed;
        this.commands = commands;
        this.registry = registry;
        this.catchUp = catchUp;
        this.protection = protection;
    }

    /** Adds the route. */
    public void addTo(RoutesConfig routes) {
        routes.delete(Revocation.PATH, protection.limitAddress(this::revoke));
    }

    private void revoke(Context context) throws Exception {
        Identity caller = Identity.of(context);
        if (!isAllowed) {
            throw new ProblemException(
                    Problem.of(ProblemType.FORBIDDEN, "Only operators revoke coupons, on the operators' port."));
        }
        RevokeIssue command = Revocation.command(context);
        caller.requireMayActFor(command.userId());
        protection.limitUser(context, command.userId());
        boolean current = catchUp.isCurrent();
        if (!current || registry.find(command.couponId()).isEmpty()) {
            throw new ProblemException(Problems.missingCoupon(command.couponId(), current));
        }
        CouponOutcome outcome = protection.inPlace(() -> commands.decide(command));
        LOG.info("decided: {}", outcome);
        Revocation.answer(context, command, outcome);
    }
}
