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
import io.firstcome.readmodel.CouponLookup;
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
    private final CouponLookup coupons;
    private final ClaimProtection protection;

    /**
     * @param isAllowed whether users may revoke their own coupons
     * @param coupons finds the coupon of a request
     * @param protection limits these requests like claims
     */
    public UserRevocationRoute(boolean isAllowed, DecidedCommands commands, CouponLookup coupons,
            ClaimProtection protection) {
        this.isAllowed = isAllowed;
        this.commands = commands;
        this.coupons = coupons;
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
        Problems.requireCoupon(coupons, command.couponId());
        CouponOutcome outcome = protection.withPermit(_ -> commands.decide(command));
        LOG.info("decided: {}", outcome);
        Revocation.answer(context, command, outcome);
    }
}
